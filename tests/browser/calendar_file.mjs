// Reads a calendar file with a parser that is not ours and tells what a calendar would show.
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], 'utf8')));
for (const zone of calendar.getAllSubcomponents('vtimezone')) {
  // Only the rules in the file itself count, as for a calendar that knows no zones by name.
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}
const events = calendar.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    title: event.summary,
    location: event.location,
    status: component.getFirstPropertyValue('status'),
    stamp: component.getFirstPropertyValue('dtstamp').toJSDate().toISOString(),
    zone: event.startDate.zone.tzid,
    onTheWall: event.startDate.toString(),
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
  };
});
const one = (name) => calendar.getFirstPropertyValue(name);
console.log(JSON.stringify({ method: one('method'), version: one('version'), product: one('prodid'), events }));
