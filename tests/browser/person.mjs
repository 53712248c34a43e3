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

/** The pages in order: the heading, what is done there, and whether it may be left empty. */
export const PAGES = [
  { heading: /^Are you thinking about ending your life/, fill: [radio(/^Are you thinking/, "No")] },
  { heading: "Two quick checks", fill: [radio(/^Are you 1\d or over/, "Yes"), radio(/^Is your GP surgery in/, "Yes")] },
  {
    heading: "Do you agree to be referred?",
    fill: [radio("Do you agree?", "Yes, I agree to be referred"), radio(/^May the clinic/, "Yes")],
  },
  { heading: "What is your name?", fill: [type("What is your name?", PERSON.name)] },
  {
    heading: "What is your date of birth?",
    fill: [type("Day", PERSON.day), type("Month", PERSON.month), type("Year", PERSON.year)],
  },
  {
    heading: "How can we reach you?",
    fill: [
      type("Phone number", PERSON.phone),
      type("Email address", PERSON.email),
      tick("Leave a voicemail"),
      tick("Send an email or a letter"),
      radio("When is a good time to call?", "Any time"),
    ],
  },
  { heading: "What is your address?", fill: [type("Postcode", PERSON.postcode)] },
  { heading: "Which GP surgery are you with?", fill: [type("Which GP surgery are you with?", PERSON.surgery)] },
  { heading: "What is your NHS number?", fill: [tick("I do not know it")] },
  { heading: "What would you like help with most?", fill: [tick("Feeling low, sad or hopeless")] },
  { heading: "Do you have any of these?", fill: [tick("Back pain")] },
  { heading: "Do your body and your mood affect each other?", fill: [tick("Yes")] },
  { heading: "How long have you had the pain?", fill: [tick("A year or more")] },
  { heading: "Is any of this new for you?", fill: [tick("None of these")] },
  { heading: "Do any of these apply to you?", fill: [tick("None of these")] },
  { heading: "And do any of these apply?", fill: [tick("None of these")] },
  { heading: "Do any of these apply to your life now?", fill: [tick("None of these")] },
  {
    heading: "How have the last 2 weeks been?",
    fill: [sheet("More than half the days", { 9: "Not at all" })],
    alarm: [sheet("Several days", { 9: "Several days" })],
  },
  { heading: "And some more about the last 2 weeks", fill: [sheet("Several days")] },
  { heading: "Is there anything you need from us?", fill: [radio("Do you need an interpreter?", "No")] },
  { heading: /^Is there anything else you want us to know/, fill: [], optional: true },
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
