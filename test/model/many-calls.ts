/** Many questions to contracts in one call. */
import { concat, Result, toBeHex, type BaseContract, type FunctionFragment } from "ethers";
import { ethers } from "hardhat";

type Take = (answer: Result) => void;
export type Ask = (contract: BaseContract, name: string, args: unknown[], take: Take, mayFail?: boolean) => void;

/** A view that is asked again and again: encoded once, decoded only when its answer is a new one. */
interface View {
  call: string;
  name: FunctionFragment;
  answer: string;
  decoded: Result;
}

interface Question {
  view: View;
  contract: BaseContract;
  take: Take;
  mayFail: boolean;
}

const GAS = "0x1c9c380";
/** Calls per request: the in-process chain slows down as the memory of a request grows. */
const BATCH = 40;

export class ManyCalls {
  private readonly views = new Map<string, View>();

  private constructor(private readonly at: string) {}

  static async deploy(): Promise<ManyCalls> {
    return new ManyCalls(await (await ethers.deployContract("ManyCallsMock")).getAddress());
  }

  /** Asks everything that `questions` wants to know; returns the time of the answers. */
  async answer(questions: (ask: Ask) => void): Promise<bigint> {
    const list: Question[] = [];
    questions((contract, name, args, take, mayFail = false) => {
      list.push({ view: this.view(contract, name, args), contract, take, mayFail });
    });
    let time = 0n;
    for (let from = 0; from < list.length; from += BATCH) time = await this.ask(list.slice(from, from + BATCH));
    return time;
  }

  private async ask(list: Question[]): Promise<bigint> {
    const transaction = { to: this.at, data: concat(list.map(({ view }) => view.call)), gas: GAS };
    const result = (await ethers.provider.send("eth_call", [transaction, "latest"])) as string;
    let at = 2 + 64;
    const word = () => BigInt(`0x${result.slice(at, (at += 64))}`);
    const time = word();
    for (const { contract, view, take, mayFail } of list) {
      const [ok, length] = [word(), Number(word()) * 2];
      const answer = `0x${result.slice(at, (at += length))}`;
      if (ok !== 1n && mayFail) continue;
      if (ok !== 1n) throw new Error(`${view.name.name} reverts with ${answer}`);
      if (answer !== view.answer) {
        view.decoded = contract.interface.decodeFunctionResult(view.name, answer);
        view.answer = answer;
      }
      take(view.decoded);
    }
    return time;
  }

  private view(contract: BaseContract, name: string, args: unknown[]): View {
    const to = contract.target as string;
    const key = [to, name, ...args.flat()].join();
    const known = this.views.get(key);
    if (known !== undefined) return known;
    const fragment = contract.interface.getFunction(name);
    if (fragment === null) throw new Error(`there is no ${name}`);
    const data = contract.interface.encodeFunctionData(fragment, args);
    const call = concat([to, toBeHex((data.length - 2) / 2, 4), data]);
    const view: View = { call, name: fragment, answer: "", decoded: new Result() };
    this.views.set(key, view);
    return view;
  }
}
