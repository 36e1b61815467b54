/** Reads hundreds of views in a few calls and keeps what they answered last, as the recording writes it. */
import type { FunctionFragment } from "ethers";
import type { Abi } from "./abi";
import type { Chain } from "./chain";
import { kindOf, type Names } from "./names";
import type { Json, JsonObject, View } from "./recording";
import type { Symbols } from "./symbols";

/** Calls per request. The in-process chain traces every step and slows down as the memory of a request grows. */
const BATCH = 40;
const GAS = "0x1c9c380"; // 30 million
const WORD = 64;
/** Encoded in place of a block number relative to the latest one, which is then put in for every look. */
const NOW = 0xfeedc0de;
const NOW_WORD = NOW.toString(16).padStart(WORD, "0");

interface Prepared {
  view: View;
  fragment: FunctionFragment;
  /** Target, length and data for the helper contract. */
  call: string;
  /** Blocks between the latest block and the one that the call names, if it names one. */
  fromNow?: bigint;
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
      const data = "0x" + batch.map((item) => this.callAt(item, block)).join("");
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
      const fragment = this.abi.function(view.to, view.function);
      const { args, fromNow } = withoutNow(view.args);
      const values = this.symbols.args(fragment, args);
      const data = this.abi.of(kindOf(view.to)).encodeFunctionData(fragment, values).slice(2);
      const length = (data.length / 2).toString(16).padStart(8, "0");
      const call = this.names.address(view.to).slice(2) + length + data;
      item = { view, fragment, call, fromNow, answer: "?", written: null };
      this.prepared.set(view.key, item);
    }
    return item;
  }

  private callAt({ call, fromNow }: Prepared, block: bigint): string {
    if (fromNow === undefined) return call;
    return call.replace(NOW_WORD, (block + fromNow).toString(16).padStart(WORD, "0"));
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

/** Arguments with the one that is relative to the latest block ("now+9") replaced. */
function withoutNow(args: JsonObject): { args: JsonObject; fromNow?: bigint } {
  const relative = Object.entries(args).find(([, value]) => typeof value === "string" && value.startsWith("now"));
  if (relative === undefined) return { args };
  const [name, value] = relative;
  return { args: { ...args, [name]: String(NOW) }, fromNow: BigInt((value as string).slice("now".length)) };
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
