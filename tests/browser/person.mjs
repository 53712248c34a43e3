// A made-up person with back pain that is linked to low mood, and how they fill in each page, by the words they read.

export const PERSON = {
  name: "Billie Browsertest",
  day: "29",
  month: "2",
  year: "1980",
  phone: "07700 900321",
  email: "billie@example.org",
  postcode: "S1 2HE",
  surgery: "Example Surgery",
};

const radio = (group, answer) => async (page) => {
  await page.getByRole("group", { name: group }).getByLabel(answer, { exact: true }).check();
};
const tick = (answer) => (page) => page.getByLabel(answer, { exact: true }).check();
const type = (label, text) => (page) => page.getByLabel(label, { exact: true }).fill(text);
/** Every question of a questionnaire is answered alike, but for those named by their number. */
const sheet = (answer, others = {}) => async (page) => {
  const groups = page.getByRole("group");
  const count = await groups.count();
  for (let index = 0; index < count; index += 1) {
    await groups
      .nth(index)
      .getByLabel(others[index + 1] ?? answer, { exact: true })
      .check();
  }
};

const none = (group) => async (page) => {
  await page.getByRole("group", { name: group }).getByLabel("None of these", { exact: true }).check();
};

/** The pages in order: the heading and what is done there. */
export const PAGES = [
  { heading: /^Are you thinking about ending your life/, fill: [radio(/^Are you thinking/, "No")] },
  {
    heading: "About you",
    named: true,
    fill: [
      type("Full name", PERSON.name),
      type("Day", PERSON.day),
      type("Month", PERSON.month),
      type("Year", PERSON.year),
      radio(/^Is your GP surgery in/, "Yes"),
      type("Name of the GP surgery (optional)", PERSON.surgery),
    ],
  },
  {
    heading: "How can we reach you?",
    fill: [
      type("Phone number", PERSON.phone),
      type("Email address", PERSON.email),
      tick("Leave a voicemail"),
      tick("Send an email or a letter"),
      radio("When is a good time to call?", "Any time"),
      type("Postcode", PERSON.postcode),
    ],
  },
  {
    heading: "What would you like help with?",
    fill: [
      radio("What would you like help with most?", "Feeling low, sad or hopeless"),
      tick("Back pain"),
      radio("Do your body and your mood affect each other?", "Yes"),
      radio("How long have you had the pain?", "A year or more"),
      none("Is any of this new for you?"),
    ],
  },
  {
    heading: "Do any of these apply to you?",
    fill: [
      none("You, and the people around you"),
      none("Other care"),
      none("Your life now"),
      radio(/^There are two short lists/, "Answer them now"),
    ],
  },
  {
    heading: "How have the last 2 weeks been?",
    fill: [sheet("More than half the days", { 9: "Not at all" })],
    alarm: [sheet("Several days", { 9: "Several days" })],
  },
  { heading: "And some more about the last 2 weeks", fill: [sheet("Several days")] },
];

/** Waits for the page with this heading. */
export async function meet(page, heading) {
  const name = typeof heading === "string" ? new RegExp(`^${heading.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`) : heading;
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Fills in a page. */
export async function fill(page, actions) {
  for (const action of actions) await action(page);
}

/** Sends the page. */
export const goOn = (page, button = "Continue") => page.getByRole("button", { name: button, exact: true }).click();
