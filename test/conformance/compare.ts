/** Differences between what a recording says and what happened, in words. */
import type { Json, RecordedEvent } from "./recording";

const LONGEST = 260;

export function short(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export function* differences(want: Json | undefined, got: Json | undefined, at: string): Generator<string> {
  if (want === got) return;
  if (Array.isArray(want) && Array.isArray(got)) {
    if (want.length !== got.length) {
      yield `${at}: ${want.length} entries expected, got ${got.length}: ${short(want)} / ${short(got)}`;
    } else {
      for (let i = 0; i < want.length; ++i) yield* differences(want[i], got[i], `${at}[${i}]`);
    }
  } else if (isObject(want) && isObject(got)) {
    for (const key of new Set([...Object.keys(want), ...Object.keys(got)])) {
      yield* differences(want[key], got[key], `${at}.${key}`);
    }
  } else {
    yield `${at}: expected ${short(want)}, got ${short(got)}`;
  }
}

export function* eventDifferences(want: RecordedEvent[], got: RecordedEvent[]): Generator<string> {
  const names = (events: RecordedEvent[]): string => events.map((e) => `${e.on}.${e.event ?? "?"}`).join(" ");
  if (names(want) !== names(got)) {
    yield `events: expected ${names(want)}; got ${names(got)}`;
    return;
  }
  for (let i = 0; i < want.length; ++i) {
    yield* differences(want[i] as Json, got[i] as Json, `event ${i} ${want[i].on}.${want[i].event ?? "?"}`);
  }
}

/** A library's revert is recorded as `{any: text}`: every revert agrees with it. */
export function* revertDifferences(want: Json, got: Json | undefined): Generator<string> {
  if (got === undefined) yield `expected revert ${short(want)}, but it succeeded`;
  else if (typeof want === "string") yield* differences(want, got, "revert");
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
