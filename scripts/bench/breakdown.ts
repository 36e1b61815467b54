/** Where the gas of one mined transaction went, from the node's trace of its opcodes. */
import { getBytes } from "ethers";

/** One executed opcode, as `debug_traceTransaction` reports it. */
export interface Opcode {
  op: string;
  gas: number;
  gasCost: number;
  depth: number;
  /** Top last, each 64 hex digits without 0x. */
  stack: string[];
}

/** Gas by what it pays for. Together they are the receipt's `gasUsed`. */
export const CLASSES = [
  "base", // 21,000 and the call data
  "newSlots", // slots that were zero: first access, write
  "changedSlots", // slots that were not: first access, write
  "events",
  "others", // everything inside contracts that are not the engine's: tokens, registrars
  "refunds", // negative
  "coldSlots", // first reads of slots that stay as they are
  "coldAccounts",
  "calls", // the opcodes of calls, beyond a cold account
  "warmSlots", // all further accesses, and transient storage
  "keccak",
  "precompiles",
  "rest", // dispatch, decoding, memory, arithmetic
] as const;

/** What every implementation with the same answers and the same slots pays. */
export const FIXED: readonly Class[] = ["base", "newSlots", "changedSlots", "events", "others", "refunds"];

export type Class = (typeof CLASSES)[number];
export type Breakdown = Record<Class, number>;

export interface Traced {
  to: string;
  data: string;
  gasUsed: number;
  opcodes: Opcode[];
}

const BASE = 21_000;
const ZERO_BYTE = 4;
const BYTE = 16;
const WARM = 100;
const COLD_SLOT = 2_100;
const COLD_ACCOUNT = 2_600;
/** A call that sends ether, less the stipend that comes back unused. */
const SENT = 6_700;
const SET = 20_000;
const RESET = 2_900;
const KECCAK = 30;
const KECCAK_WORD = 6;
const LOG = 375;
const LOG_BYTE = 8;
const WORD = 32;
const LAST_PRECOMPILE = 0x11n;

const CALLS: Record<string, { keepsContext: boolean }> = {
  CALL: { keepsContext: false },
  STATICCALL: { keepsContext: false },
  DELEGATECALL: { keepsContext: true },
};
const ACCOUNTS = ["EXTCODESIZE", "EXTCODEHASH", "EXTCODECOPY", "BALANCE"];

export function emptyBreakdown(): Breakdown {
  return Object.fromEntries(CLASSES.map((name) => [name, 0])) as Breakdown;
}

/** The part that cannot be saved, see FIXED. */
export function fixedGas(gas: Breakdown): number {
  return FIXED.reduce((sum, name) => sum + gas[name], 0);
}

/** First accesses to what is only read. */
export function readGas(gas: Breakdown): number {
  return gas.coldSlots + gas.coldAccounts;
}

/** Per call, the classes that are not empty. */
export function meanBreakdown(gas: Breakdown, calls: number): [Class, number][] {
  return CLASSES.filter((name) => gas[name] !== 0).map((name) => [name, Math.round(gas[name] / calls)]);
}

export function intrinsicGas(data: string): number {
  return getBytes(data).reduce((sum, byte) => sum + (byte === 0 ? ZERO_BYTE : BYTE), BASE);
}

/** `isOurs` tells the engine's contracts (address in lower case) from those of others. */
export function breakdown(traced: Traced, isOurs: (address: string) => boolean): Breakdown {
  return new Ledger(isOurs).read(traced);
}

interface Slot {
  first: number;
  changes: number;
  isNew: boolean;
}

class Ledger {
  private readonly gas = emptyBreakdown();
  private readonly slots = new Map<string, Slot>();

  constructor(private readonly isOurs: (address: string) => boolean) {}

  read({ to, data, gasUsed, opcodes }: Traced): Breakdown {
    this.gas.base = intrinsicGas(data);
    const contexts = [to.toLowerCase()];
    opcodes.forEach((at, i) => {
      contexts.length = at.depth;
      const here = contexts[at.depth - 1];
      const called = at.op in CALLS ? top(at, 1) : undefined;
      if (called !== undefined) contexts[at.depth] = CALLS[at.op].keepsContext ? here : address(called);
      if (!this.isOurs(here)) this.gas.others += ownCost(opcodes, i).own;
      else this.add(here, opcodes, i);
    });
    this.closeSlots();
    const spent = CLASSES.reduce((sum, name) => sum + this.gas[name], 0);
    this.gas.refunds = gasUsed - spent;
    return this.gas;
  }

  private add(here: string, opcodes: Opcode[], i: number): void {
    const at = opcodes[i];
    if (at.op === "SLOAD" || at.op === "SSTORE") return this.slot(here + top(at, 0), at);
    if (at.op === "TLOAD" || at.op === "TSTORE") return this.spend("warmSlots", at.gasCost, at.gasCost);
    const { own, precompile } = ownCost(opcodes, i);
    if (at.op in CALLS) {
      this.gas.precompiles += precompile;
      const sent = at.op === "CALL" && BigInt("0x" + top(at, 2)) !== 0n ? SENT : 0;
      this.gas.calls += sent;
      return this.account(address(top(at, 1)), own - sent);
    }
    if (ACCOUNTS.includes(at.op)) return this.account(address(top(at, 0)), own);
    if (at.op === "KECCAK256") {
      return this.spend("keccak", KECCAK + KECCAK_WORD * Math.ceil(Number(BigInt("0x" + top(at, 1))) / WORD), own);
    }
    if (at.op.startsWith("LOG")) {
      const topics = Number(at.op.slice("LOG".length));
      return this.spend("events", LOG * (1 + topics) + LOG_BYTE * Number(BigInt("0x" + top(at, 1))), own);
    }
    this.gas.rest += own;
  }

  /** Part of the cost of an opcode goes to its class; what is left is the growth of memory. */
  private spend(name: Class, part: number, own: number): void {
    this.gas[name] += part;
    this.gas.rest += own - part;
  }

  private account(target: string, own: number): void {
    if (own < COLD_ACCOUNT) return this.spend("calls", WARM, own);
    this.spend(this.isOurs(target) ? "coldAccounts" : "others", COLD_ACCOUNT, own);
  }

  private slot(key: string, at: Opcode): void {
    const slot = this.slots.get(key) ?? { first: 0, changes: 0, isNew: false };
    this.slots.set(key, slot);
    const first = this.isFirst(slot, at) ? COLD_SLOT : 0;
    slot.first += first;
    const left = at.gasCost - first;
    if (at.op === "SSTORE" && left >= RESET) {
      slot.changes += left;
      slot.isNew = left >= SET;
    } else {
      this.gas.warmSlots += left;
    }
  }

  private isFirst(slot: Slot, at: Opcode): boolean {
    if (slot.first !== 0) return false;
    return at.gasCost === COLD_SLOT || [WARM, RESET, SET].some((left) => at.gasCost === left + COLD_SLOT);
  }

  private closeSlots(): void {
    for (const { first, changes, isNew } of this.slots.values()) {
      if (changes === 0) this.gas.coldSlots += first;
      else this.gas[isNew ? "newSlots" : "changedSlots"] += first + changes;
    }
  }
}

/** What opcode `i` itself cost, without what the contract that it called used. */
function ownCost(opcodes: Opcode[], i: number): { own: number; precompile: number } {
  const at = opcodes[i];
  if (!(at.op in CALLS)) return { own: at.gasCost, precompile: 0 };
  const child = opcodes[i + 1];
  const back = opcodes.slice(i + 1).find(({ depth }) => depth <= at.depth);
  if (back === undefined) return { own: 0, precompile: 0 };
  const whole = at.gas - back.gas;
  if (child.depth > at.depth) {
    const end = opcodes.indexOf(back, i + 1) - 1;
    return { own: whole - (child.gas - (opcodes[end].gas - opcodes[end].gasCost)), precompile: 0 };
  }
  const isPrecompile = BigInt("0x" + top(at, 1)) <= LAST_PRECOMPILE;
  return isPrecompile ? { own: WARM, precompile: whole - WARM } : { own: whole, precompile: 0 };
}

const top = (at: Opcode, below: number): string => at.stack[at.stack.length - 1 - below];
const address = (word: string): string => "0x" + word.slice(-40);
