/** The recorded interfaces: functions, events and errors by kind of contract. */
import { AbiCoder, Interface, type ErrorFragment, type EventFragment, type FunctionFragment } from "ethers";
import { kindOf } from "./names";
import type { Interfaces, Json } from "./recording";

/** Libraries word these; any revert will do. */
const LIBRARY_TEXT = /^(Ownable|ERC20|SafeERC20|Initializable|ReentrancyGuard)/;

export class Abi {
  private readonly kinds = new Map<string, Interface>();
  private readonly functions = new Map<string, FunctionFragment>();
  private readonly events = new Map<string, EventFragment>();
  private readonly errors = new Map<string, ErrorFragment>();

  constructor(interfaces: Interfaces) {
    for (const [kind, fragments] of Object.entries(interfaces)) {
      const parsed = new Interface(fragments);
      this.kinds.set(kind, parsed);
      parsed.forEachEvent((event) => this.events.set(`${kind} ${event.topicHash}`, event));
      parsed.forEachError((error) => this.errors.set(error.selector, error));
    }
  }

  of(kind: string): Interface {
    const found = this.kinds.get(kind);
    if (found === undefined) throw new Error(`no interface of ${kind} is recorded`);
    return found;
  }

  function(on: string, signature: string): FunctionFragment {
    const key = `${kindOf(on)} ${signature}`;
    let found = this.functions.get(key);
    if (found === undefined) {
      const fragment = this.of(kindOf(on)).getFunction(signature);
      if (fragment === null) throw new Error(`${on} has no function ${signature}`);
      this.functions.set(key, (found = fragment));
    }
    return found;
  }

  event(kind: string, topic: string): EventFragment | undefined {
    return this.events.get(`${kind} ${topic}`);
  }

  /** How a recording writes revert data. */
  writtenError(data: string): Json {
    if (data === "0x") return "empty";
    const coder = AbiCoder.defaultAbiCoder();
    const body = "0x" + data.slice(10);
    if (data.startsWith("0x08c379a0")) {
      const text = String(coder.decode(["string"], body)[0]);
      return LIBRARY_TEXT.test(text) ? { any: text } : `Error(${text})`;
    }
    if (data.startsWith("0x4e487b71")) return `Panic(0x${(coder.decode(["uint256"], body)[0] as bigint).toString(16)})`;
    return this.errors.get(data.slice(0, 10))?.name ?? data.slice(0, 10);
  }
}
