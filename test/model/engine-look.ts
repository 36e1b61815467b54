/** Reads everything that the walk compares, in a few calls. */
import type { Result } from "ethers";
import type { Chain } from "../conformance/chain";
import type { Places } from "./engine-chain";
import { ACCOUNTS, OPERATORS, SETS, STRATEGIES } from "./engine-types";
import type {
  AccountObservation,
  Amounts,
  Observation,
  OperatorObservation,
  QueuedObservation,
  SetObservation,
} from "./engine-types";

/** Calls per request: the in-process chain slows down as the memory of a request grows. */
const BATCH = 40;
const GAS = "0x1c9c380";
const WORD = 64;

interface RawWithdrawal {
  staker: string;
  delegatedTo: string;
  withdrawer: string;
  nonce: bigint;
  startBlock: bigint;
  strategies: string[];
  scaledShares: bigint[];
}

/** A view that is asked again and again; decoded only when its answer is a new one. */
interface Question {
  call: string;
  fragment: string;
  answer: string;
  decoded: unknown[];
}

export class Looker {
  private readonly questions = new Map<string, Question>();
  private readonly names = new Map<string, string>();

  constructor(
    private readonly chain: Chain,
    private readonly places: Places,
    private readonly manyCalls: string,
  ) {
    for (const [name, at] of [...Object.entries(places.address), ...Object.entries(places.strategy)]) {
      this.names.set(at.toLowerCase(), name);
    }
    this.names.set("0x".padEnd(42, "0"), "");
  }

  /** A withdrawal as its owner must hand it in, and the tokens that go with it. */
  async withdrawal(who: string, index: number): Promise<{ withdrawal: RawWithdrawal; tokens: string[] }> {
    const { address, token } = this.places;
    const [withdrawals] = await this.once(address.delegationManager, "getQueuedWithdrawals", [address[who]]);
    const withdrawal = (withdrawals as RawWithdrawal[])[index];
    return { withdrawal, tokens: withdrawal.strategies.map((strategy) => token[this.name(strategy)]) };
  }

  /** Answers to views, in their order. */
  async answers(calls: { to: string; fragment: string; args: unknown[] }[]): Promise<unknown[][]> {
    const keys = calls.map(({ to, fragment, args }) => {
      const key = `${to} ${fragment} ${JSON.stringify(args, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v))}`;
      this.question(key, to, fragment, args);
      return key;
    });
    const questions = keys.map((key) => this.questions.get(key) as Question);
    await this.askAll(questions);
    return questions.map(({ decoded }) => decoded);
  }

  async observe(): Promise<Observation> {
    const wanted: string[] = [];
    this.compose((key, to, fragment, args) => {
      wanted.push(key);
      this.question(key, to, fragment, args);
      return undefined;
    });
    const block = await this.ask(wanted);
    const observation = this.compose((key) => (this.questions.get(key) as Question).decoded);
    return { ...observation, block };
  }

  /* INTERNALS */

  /**
   * Names every view that is needed and puts the answers together. Called twice: first only to learn the questions
   * (`read` gives undefined, and what is composed of it is thrown away), then with the answers.
   */
  private compose(
    read: (key: string, to: string, fragment: string, args: unknown[]) => unknown[] | undefined,
  ): Omit<Observation, "block"> {
    const { address, strategy, token } = this.places;
    const { strategyManager: sm, delegationManager: dm, allocationManager: am, avs } = address;
    const all = Object.values(strategy);
    const view = <T>(to: string, fragment: string, ...args: unknown[]): T =>
      (read(`${to} ${fragment} ${JSON.stringify(args)}`, to, fragment, args) ?? [[], [], []]) as T;
    const one = <T>(to: string, fragment: string, ...args: unknown[]): T => view<T[]>(to, fragment, ...args)[0];
    const named = (values: bigint[]): Amounts => Object.fromEntries(STRATEGIES.map((name, i) => [name, values[i]]));
    const per = (get: (name: string) => bigint): Amounts => named(STRATEGIES.map(get));

    const account = (name: string): AccountObservation => {
      const who = address[name];
      const [withdrawable, shares] = view<[bigint[], bigint[]]>(dm, "getWithdrawableShares", who, all);
      const [withdrawals, worth] = view<[RawWithdrawal[], bigint[][]]>(dm, "getQueuedWithdrawals", who);
      return {
        operator: this.name(one<string>(dm, "delegatedTo", who)),
        nonce: one<bigint>(dm, "cumulativeWithdrawalsQueued", who),
        strategies: one<string[]>(sm, "getStakerStrategyList", who).map((at) => this.name(at)),
        shares: named([...shares]),
        withdrawable: named([...withdrawable]),
        scaling: per((s) => one<bigint>(dm, "depositScalingFactor", who, strategy[s])),
        queued: withdrawals.map((w, i) => this.queued(w, worth[i])),
        tokens: per((s) => one<bigint>(token[s], "balanceOf", who)),
      };
    };
    const operator = (name: string): OperatorObservation => {
      const who = address[name];
      const delay = view<[boolean, bigint]>(am, "getAllocationDelay", who);
      const allocationOf = (id: number, s: string) => {
        const found = one<[bigint, bigint, bigint]>(am, "getAllocation", who, { avs, id }, strategy[s]);
        return { current: found[0], pending: found[1], effectBlock: found[2] };
      };
      return {
        shares: named([...one<bigint[]>(dm, "getOperatorShares", who, all)]),
        max: named([...one<bigint[]>(am, "getMaxMagnitudes(address,address[])", who, all)]),
        encumbered: per((s) => one<bigint>(am, "getEncumberedMagnitude", who, strategy[s])),
        allocatable: per((s) => one<bigint>(am, "getAllocatableMagnitude", who, strategy[s])),
        slashableQueue: per((s) => one<bigint>(dm, "getSlashableSharesInQueue", who, strategy[s])),
        delay: delay[1],
        registered: one<[string, bigint][]>(am, "getRegisteredSets", who).map(([, id]) => Number(id)),
        slashableBy: SETS.map((_, id) => one<boolean>(am, "isOperatorSlashable", who, { avs, id })),
        allocations: SETS.map((_, id) => Object.fromEntries(STRATEGIES.map((s) => [s, allocationOf(id, s)]))),
      };
    };
    const set = (id: number): SetObservation => {
      const ids = one<bigint[]>(sm, "getPendingSlashIds", { avs, id });
      return {
        strategies: one<string[]>(am, "getStrategiesInOperatorSet", { avs, id }).map((at) => this.name(at)),
        members: one<string[]>(am, "getMembers", { avs, id }).map((at) => this.name(at)),
        slashCount: one<bigint>(am, "getSlashCount", { avs, id }),
        waiting: [...ids].map((slashId) => {
          const [strategies, shares] = this.waiting.get(`${id} ${slashId}`) ?? [[], []];
          return { slashId, strategies: strategies.map((at) => this.name(at)), shares: [...shares] };
        }),
      };
    };
    const each = <T>(list: string[], get: (name: string) => T) => Object.fromEntries(list.map((n) => [n, get(n)]));
    return {
      accounts: each(ACCOUNTS, account),
      operators: each(OPERATORS, operator),
      sets: SETS.map((_, id) => set(id)),
      strategies: each(STRATEGIES, (s) => ({
        totalShares: one<bigint>(strategy[s], "totalShares"),
        balance: one<bigint>(token[s], "balanceOf", strategy[s]),
      })),
      received: {
        burn: per((s) => one<bigint>(token[s], "balanceOf", address.burn)),
        recipient: per((s) => one<bigint>(token[s], "balanceOf", address.recipient)),
      },
    };
  }
  private waiting = new Map<string, [string[], bigint[]]>();

  private queued(w: RawWithdrawal, worth: bigint[]): QueuedObservation {
    return {
      nonce: w.nonce,
      operator: this.name(w.delegatedTo),
      startBlock: w.startBlock,
      strategies: w.strategies.map((at) => this.name(at)),
      scaled: [...w.scaledShares],
      worth: [...worth],
    };
  }

  private name(at: string): string {
    if (typeof at !== "string") return "";
    const name = this.names.get(at.toLowerCase());
    if (name === undefined) throw new Error(`nothing is known at ${at}`);
    return name;
  }

  private question(key: string, to: string, fragment: string, args: unknown[]): void {
    if (this.questions.has(key)) return;
    const data = this.places.abi.encodeFunctionData(fragment, args).slice(2);
    const call = to.slice(2) + (data.length / 2).toString(16).padStart(8, "0") + data;
    this.questions.set(key, { call, fragment, answer: "", decoded: [] });
  }

  /** Asks at the latest block, whose number it returns. */
  private async ask(keys: string[]): Promise<bigint> {
    const block = await this.askAll(keys.map((key) => this.questions.get(key) as Question));
    // What waits in each slash is known only once the slashes are.
    const { strategyManager, avs } = this.places.address;
    const slashes: [string, Question][] = [];
    for (const [id] of SETS.entries()) {
      const args = [{ avs, id }];
      const key = `${strategyManager} getPendingSlashIds ${JSON.stringify(args)}`;
      const [ids] = (this.questions.get(key) as Question).decoded as [bigint[]];
      for (const slashId of ids) {
        const fragment = "getBurnOrRedistributableShares((address,uint32),uint256)";
        this.question(`${id} ${slashId}`, strategyManager, fragment, [{ avs, id }, slashId]);
        slashes.push([`${id} ${slashId}`, this.questions.get(`${id} ${slashId}`) as Question]);
      }
    }
    await this.askAll(slashes.map(([, question]) => question));
    this.waiting = new Map(slashes.map(([key, { decoded }]) => [key, decoded as [string[], bigint[]]]));
    return block;
  }

  private async askAll(questions: Question[]): Promise<bigint> {
    let block = 0n;
    for (let start = 0; start < questions.length; start += BATCH) {
      const batch = questions.slice(start, start + BATCH);
      const data = "0x" + batch.map(({ call }) => call).join("");
      const from = this.places.address.keeper;
      const result = await this.chain.call({ from, to: this.manyCalls, data, gas: GAS }, "latest");
      if (result.startsWith("!")) throw new Error(`the views could not be read: ${result}`);
      let position = 2;
      const take = (length: number): string => result.slice(position, (position += length));
      block = BigInt("0x" + take(WORD));
      take(WORD);
      for (const question of batch) {
        const succeeded = BigInt("0x" + take(WORD)) === 1n;
        const answer = take(Number("0x" + take(WORD)) * 2);
        if (!succeeded) throw new Error(`${question.fragment} reverted: ${answer}`);
        if (answer === question.answer) continue;
        question.answer = answer;
        question.decoded = plain(this.places.abi.decodeFunctionResult(question.fragment, "0x" + answer)) as unknown[];
      }
    }
    return block;
  }

  private async once(to: string, fragment: string, args: unknown[]): Promise<Result> {
    const data = this.places.abi.encodeFunctionData(fragment, args);
    const result = await this.chain.call({ from: this.places.address.keeper, to, data, gas: GAS }, "latest");
    return this.places.abi.decodeFunctionResult(fragment, result);
  }
}

/** Results of ethers as plain arrays, structs still with their names. */
function plain(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const items = Array.from(value, plain);
  const { toObject } = value as unknown as { toObject?: () => Record<string, unknown> };
  try {
    const fields = toObject?.call(value) ?? {};
    for (const name of Object.keys(fields)) if (!(name in items)) Object.assign(items, { [name]: plain(fields[name]) });
  } catch {
    // a list without names
  }
  return items;
}
