// A made-up person with back pain that is linked to low mood, and how they fill in each page, by the words they read.

import { pointer } from "./hands.mjs";

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

const radio = (group, answer) => (page, hand) =>
  hand.choose(page.getByRole("group", { name: group }).getByLabel(answer, { exact: true }));
const tick = (answer) => (page, hand) => hand.choose(page.getByLabel(answer, { exact: true }));
const type = (label, text) => (page, hand) => hand.type(page.getByLabel(label, { exact: true }), text);
const none = (group) => radio(group, "None of these");
/** Every question of a questionnaire is answered alike, but for those named by their number. */
const sheet = (answer, others = {}) => async (page, hand) => {
  const groups = page.getByRole("group");
  const count = await groups.count();
  for (let index = 0; index < count; index += 1) {
    await hand.choose(groups.nth(index).getByLabel(others[index + 1] ?? answer, { exact: true }));
  }
};

/** The pages in order: the heading and what is done there. The short lists may be left for a talk. */
export const PAGES = [
  { heading: /^Are you thinking about ending your life/, fill: [radio(/^Are you thinking/, "No")] },
  {
    heading: "About you",
    fill: [
      (page, hand, name) => type("Full name", name)(page, hand),
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
      (page, hand, _name, later) =>
        radio(/^There are two short lists/, later ? "Leave them for a talk with a person" : "Answer them now")(page, hand),
    ],
  },
  {
    heading: "How have the last 2 weeks been?",
    isList: true,
    fill: [sheet("More than half the days", { 9: "Not at all" })],
    alarm: [sheet("Several days", { 9: "Several days" })],
  },
  { heading: "And some more about the last 2 weeks", isList: true, fill: [sheet("Several days")] },
];

/** Waits for the page with this heading. */
export async function meet(page, heading) {
  const name = typeof heading === "string" ? new RegExp(`^${heading.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`) : heading;
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Fills in a page. `later` leaves the short lists for a talk. */
export async function fill(page, actions, { hand = pointer, name = PERSON.name, later = false } = {}) {
  for (const action of actions) await action(page, hand, name, later);
}

/** Sends the page. */
export const goOn = (page, button = "Continue", hand = pointer) =>
  hand.press(page.getByRole("button", { name: button, exact: true }));
