import { describe, expect, it } from 'vitest';
import { instantsOf, momentOf, movedTo, readTimes, startOfToday, withOffset } from './event-times.ts';
import { occurrencesOf } from './occurrences.ts';
import { asWritten, daysOf, readRule } from './recurrence.ts';

const PARIS = 'Europe/Paris';
const starts = (start: string, end: string, rule: string, zone = PARIS) => {
  const times = readTimes(start, end, zone);
  return occurrencesOf({ times, rule: readRule(rule, times) }, []).map(({ startsAt, endsAt }) => [
    startsAt.toISOString(),
    endsAt.toISOString(),
  ]);
};

describe('times of an event', () => {
  it('follow the clock of the school, not the distance in hours, over the change to summer time', () => {
    expect(starts('2026-03-22T09:00', '2026-03-22T10:30', 'FREQ=WEEKLY;COUNT=3')).toEqual([
      ['2026-03-22T08:00:00.000Z', '2026-03-22T09:30:00.000Z'],
      ['2026-03-29T07:00:00.000Z', '2026-03-29T08:30:00.000Z'],
      ['2026-04-05T07:00:00.000Z', '2026-04-05T08:30:00.000Z'],
    ]);
  });

  it('follow it over the change to winter time', () => {
    expect(starts('2026-10-23T18:00', '2026-10-23T20:00', 'FREQ=DAILY;UNTIL=20261026')).toEqual([
      ['2026-10-23T16:00:00.000Z', '2026-10-23T18:00:00.000Z'],
      ['2026-10-24T16:00:00.000Z', '2026-10-24T18:00:00.000Z'],
      ['2026-10-25T17:00:00.000Z', '2026-10-25T19:00:00.000Z'],
      ['2026-10-26T17:00:00.000Z', '2026-10-26T19:00:00.000Z'],
    ]);
  });

  it('in the hour that summer time skips are those an hour later, on that day alone', () => {
    expect(starts('2026-03-28T02:30', '2026-03-28T03:30', 'FREQ=DAILY;COUNT=3')).toEqual([
      ['2026-03-28T01:30:00.000Z', '2026-03-28T02:30:00.000Z'],
      // Half past two is half past three; the end at half past three would be no time at all.
      ['2026-03-29T01:30:00.000Z', '2026-03-29T01:31:00.000Z'],
      ['2026-03-30T00:30:00.000Z', '2026-03-30T01:30:00.000Z'],
    ]);
  });

  it('in the hour that is there twice are of the first of the two', () => {
    const times = readTimes('2026-10-25T02:30', '2026-10-25T04:00', PARIS);
    expect(instantsOf(times).startsAt.toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(withOffset(instantsOf(times).startsAt, PARIS)).toBe('2026-10-25T02:30:00+02:00');
  });

  it('of a night over the change end by the clock too', () => {
    const { startsAt, endsAt } = instantsOf(readTimes('2026-10-24T20:00', '2026-10-25T08:00', PARIS));
    expect((endsAt.getTime() - startsAt.getTime()) / 3_600_000).toBe(13);
  });

  it('with an offset are read from the clock of the school', () => {
    const times = readTimes('2026-11-23T08:00:00Z', '2026-11-23T05:00:00-05:00', PARIS);
    expect(times).toEqual({
      allDay: false,
      start: '2026-11-23T09:00:00',
      end: '2026-11-23T11:00:00',
      timeZone: PARIS,
    });
  });

  it('of whole days have a last day, of 23, 24 or 25 hours', () => {
    const times = readTimes('2026-10-25', '2026-10-25', PARIS);
    const made = instantsOf(times);
    expect(times.allDay).toBe(true);
    expect([made.startsOn, made.endsOn]).toEqual(['2026-10-25', '2026-10-25']);
    expect((made.endsAt.getTime() - made.startsAt.getTime()) / 3_600_000).toBe(25);
  });

  it('that end at midnight do not touch the day after', () => {
    expect(instantsOf(readTimes('2026-11-23T20:00', '2026-11-24T00:00', PARIS)).endsOn).toBe('2026-11-23');
  });

  it('are those of another zone where the school has one', () => {
    expect(starts('2026-03-22T09:00', '2026-03-22T10:00', 'FREQ=WEEKLY;COUNT=2', 'Indian/Reunion')).toEqual([
      ['2026-03-22T05:00:00.000Z', '2026-03-22T06:00:00.000Z'],
      ['2026-03-29T05:00:00.000Z', '2026-03-29T06:00:00.000Z'],
    ]);
  });

  it('keep their length when they are moved', () => {
    const moved = movedTo(readTimes('2026-03-28T22:00', '2026-03-29T07:00', PARIS), '2026-04-10T21:00');
    expect([moved.start, moved.end]).toEqual(['2026-04-10T21:00:00', '2026-04-11T06:00:00']);
  });

  it.each([
    ['2026-11-23T10:00', '2026-11-23T10:00', 'event_ends_before'],
    ['2026-11-24', '2026-11-23', 'event_ends_before'],
    ['2026-01-01', '2026-04-30', 'event_too_long'],
    ['2026-01-01', '2026-01-02T10:00', 'invalid_input'],
  ])('from %s to %s are refused: %s', (from, to, code) => {
    expect(() => readTimes(from, to, PARIS)).toThrow(expect.objectContaining({ code }));
  });

  it('of a question begin with the day, where the school is', () => {
    expect(momentOf('2026-07-14', PARIS).toISOString()).toBe('2026-07-13T22:00:00.000Z');
    expect(startOfToday(PARIS, new Date('2026-11-20T23:30:00Z')).toISOString()).toBe(
      '2026-11-20T23:00:00.000Z',
    );
  });
});

describe('a rule of recurrence', () => {
  const days = (rule: string, start: string) => daysOf(readRule(rule, { start }), { start });

  it.each([
    [
      'FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4',
      '2026-11-23',
      ['2026-11-23', '2026-11-26', '2026-11-30', '2026-12-03'],
    ],
    ['FREQ=WEEKLY;INTERVAL=2;UNTIL=20261221', '2026-11-23', ['2026-11-23', '2026-12-07', '2026-12-21']],
    ['FREQ=MONTHLY;COUNT=3', '2026-01-31', ['2026-01-31', '2026-03-31', '2026-05-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3', '2026-01-31', ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['FREQ=MONTHLY;BYDAY=-1FR;COUNT=2', '2026-01-30', ['2026-01-30', '2026-02-27']],
    ['FREQ=MONTHLY;BYDAY=2TU;COUNT=2', '2026-11-10', ['2026-11-10', '2026-12-08']],
    ['FREQ=YEARLY;UNTIL=20281231', '2024-02-29', ['2024-02-29', '2028-02-29']],
    ['freq=daily;until=20261124T235959Z', '2026-11-23', ['2026-11-23', '2026-11-24']],
  ])('%s from %s', (rule, day, expected) => {
    expect(days(rule, `${day}T23:30:00`)).toEqual(expected);
  });

  it.each([
    ['no end', 'FREQ=WEEKLY'],
    ['two ends', 'FREQ=WEEKLY;COUNT=2;UNTIL=20270101'],
    ['an hour of every day', 'FREQ=HOURLY;COUNT=3'],
    ['a part that is not offered', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2'],
    ['days it does not start on', 'FREQ=WEEKLY;BYDAY=TU;COUNT=2'],
    ['a place in the month it does not start on', 'FREQ=MONTHLY;BYDAY=1MO;COUNT=2'],
    ['a day of the month it does not start on', 'FREQ=MONTHLY;BYMONTHDAY=30;COUNT=2'],
    ['a last day that is none', 'FREQ=DAILY;UNTIL=20270231'],
    ['a last day before the first', 'FREQ=DAILY;UNTIL=20260101'],
    ['more times than are kept', 'FREQ=DAILY;COUNT=1001'],
    ['more days than are kept', 'FREQ=DAILY;UNTIL=20300101'],
    ['a century', 'FREQ=YEARLY;COUNT=100'],
    ['no rule at all', 'every monday'],
    ['the same part twice', 'FREQ=DAILY;FREQ=DAILY;COUNT=2'],
  ])('is refused with %s', (_, rule) => {
    expect(() => days(rule, '2026-11-23T09:00:00')).toThrow(
      expect.objectContaining({ code: 'recurrence_refused' }),
    );
  });

  it('of a year is given back as it was written', () => {
    const start = '2026-11-23T09:00:00';
    expect(asWritten(readRule('FREQ=YEARLY;COUNT=3', { start }))).toBe('FREQ=YEARLY;COUNT=3');
  });
});
