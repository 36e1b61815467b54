/** Reads hundreds of views in a few calls and keeps what they answered last, as the recording writes it. */
import type { FunctionFragment } from "ethers";
import type { Abi } from "./abi";
import type { Chain } from "./chain";
import { kindOf, type Names } from "./names";
import type { Json, View } from "./recording";
import type { Symbols } from "./symbols";

/** Calls per request. The in-process chain traces every step and slows down as the memory of a request grows. */
const BATCH = 40;
const GAS = "0x1c9c380"; // 30 million
const WORD = 64;

interface Prepared {
  view: View;
  fragment: FunctionFragment;
  /** Target, length and data for the helper contract; undefined while they depend on the block. */
  call?: string;
  answer: string;
  written: Json;
}

export class Views {
  private readonly prepared = new Map<string, Prepared>();

  constructor(
    private readonly chain: Chain,
    private readonly abi: Abi,
    private readonly names: Names,
    private readonly symbols: Symbols,
    private readonly from: string,
    private readonly manyCalls: string,
  ) {}

  /** Asks `views` at the latest block, which must be `block` at `time`, and returns those whose answer changed. */
  async look(views: View[], block: bigint, time: bigint): Promise<View[]> {
    const changed: View[] = [];
    for (let start = 0; start < views.length; start += BATCH) {
      const batch = views.slice(start, start + BATCH).map((view) => this.prepare(view));
      const data = "0x" + batch.map((item) => item.call ?? this.encode(item)).join("");
      const result = await this.chain.call({ from: this.from, to: this.manyCalls, data, gas: GAS }, "latest");
      if (result.startsWith("!")) throw new Error(`the views could not be read: ${result}`);
      const words = new Reader(result);
      if (words.number() !== block || words.number() !== time) throw new Error("the views ran at another block");
      for (const item of batch) {
        const succeeded = words.number() === 1n;
        const bytes = words.take(Number(words.number()) * 2);
        const answer = (succeeded ? "" : "!") + bytes;
        if (answer === item.answer) continue;
        item.answer = answer;
        item.written = this.read(item, succeeded, "0x" + bytes);
        changed.push(item.view);
      }
    }
    return changed;
  }

  answer(view: View): Json | undefined {
    return this.prepared.get(view.key)?.written;
  }

  private prepare(view: View): Prepared {
    let item = this.prepared.get(view.key);
    if (item === undefined) {
      item = { view, fragment: this.abi.function(view.to, view.function), answer: "?", written: null };
      if (!JSON.stringify(view.args).includes("now")) item.call = this.encode(item);
      this.prepared.set(view.key, item);
    }
    return item;
  }

  private encode({ view, fragment }: Prepared): string {
    const data = this.abi
      .of(kindOf(view.to))
      .encodeFunctionData(fragment, this.symbols.args(fragment, view.args))
      .slice(2);
    return this.names.address(view.to).slice(2) + (data.length / 2).toString(16).padStart(8, "0") + data;
  }

  private read({ view, fragment }: Prepared, succeeded: boolean, data: string): Json {
    if (!succeeded) return { revert: this.abi.writtenError(data) };
    try {
      return this.symbols.outputs(fragment, this.abi.of(kindOf(view.to)).decodeFunctionResult(fragment, data));
    } catch {
      return { undecodable: data };
    }
  }
}

class Reader {
  private at = 2;

  constructor(private readonly hex: string) {}

  take(length: number): string {
    return this.hex.slice(this.at, (this.at += length));
  }

  number(): bigint {
    return BigInt("0x" + this.take(WORD));
  }
}
