/** Between what a recording writes and what the chain takes and gives. */
import {
  AbiCoder,
  keccak256,
  ParamType,
  SigningKey,
  TypedDataEncoder,
  type EventFragment,
  type FunctionFragment,
  type Result,
  type TypedDataField,
} from "ethers";
import type { Names } from "./names";
import type { Accounts, Json, JsonObject } from "./recording";
import { Trees } from "./trees";

/** A value that the ABI coder takes. */
export type Value = string | boolean | bigint | Value[];

const WITHDRAWAL = ParamType.from(
  "tuple(address staker,address delegatedTo,address withdrawer,uint256 nonce,uint32 startBlock,address[] strategies,uint256[] scaledShares)",
);

const SIGNED: Record<string, { contract: string; type: string; fields: string }> = {
  approval: {
    contract: "delegationManager",
    type: "DelegationApproval",
    fields: "address delegationApprover,address staker,address operator,bytes32 salt,uint256 expiry",
  },
  deposit: {
    contract: "strategyManager",
    type: "Deposit",
    fields: "address staker,address strategy,address token,uint256 amount,uint256 nonce,uint256 expiry",
  },
};

/** How a recording writes the hash of a submission of rewards. */
const SUBMISSION_HASH = "keccak(avs, nonce, submission)";
/** Under which names events carry whose submission it is. */
const SUBMITTERS = ["avs", "submitter", "tokenHopper"];

const isBlock = (name: string): boolean => /^(startBlock|effectBlock|futureBlock)$/.test(name);
const isTime = (name: string): boolean => /imestamp$|^(expiry|activatedAt)$/.test(name);
const signed = (difference: bigint): string => (difference < 0n ? `${difference}` : `+${difference}`);
const object = (value: Json): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;

/** Where the recording starts on this chain. */
export interface Base {
  block: bigint;
  time: bigint;
}

export class Symbols {
  private readonly coder = AbiCoder.defaultAbiCoder();
  /** Withdrawals in the order in which they were queued, as the recording writes them. */
  private readonly withdrawals: JsonObject[] = [];
  private readonly withdrawalOf = new Map<string, number>();
  private readonly trees: Trees;

  constructor(
    private readonly names: Names,
    private readonly accounts: Accounts,
    private readonly chainId: bigint,
    private readonly base: Base,
  ) {
    this.trees = new Trees((name) => names.resolve(name));
  }

  /** Numbers the next tree of rewards. */
  declareTree(written: Json): void {
    this.trees.declare(written);
  }

  /* RECORDING TO CHAIN */

  args(fragment: FunctionFragment, args: JsonObject): Value[] {
    return fragment.inputs.map((type, i) => this.value(field(args, type, i), type));
  }

  value(written: Json, type: ParamType): Value {
    if (type.isArray()) return (written as Json[]).map((item) => this.value(item, type.arrayChildren));
    if (type.isTuple()) {
      const fields = this.fields(written);
      return type.components.map((component, i) => this.value(field(fields, component, i), component));
    }
    if (type.baseType === "address") return this.names.resolve(written as string);
    if (type.baseType === "bool" || type.baseType === "string") return written as boolean | string;
    if (type.baseType.startsWith("bytes")) return this.bytes(written);
    return this.number(written as string);
  }

  /** The struct that stands behind a reference to a queued withdrawal or a claim, or the struct itself. */
  private fields(written: Json): JsonObject {
    const fields = object(written);
    if (fields?.claim !== undefined) return this.trees.claim(fields.claim);
    if (fields?.withdrawal === undefined || typeof fields.withdrawal !== "number") return fields ?? {};
    return { ...this.withdrawal(fields.withdrawal), ...object(fields.with ?? {}) };
  }

  private bytes(written: Json): string {
    if (typeof written === "string") return written;
    const fields = object(written) ?? {};
    if (typeof fields.withdrawalRoot === "number") {
      return this.rootOf(this.value(this.withdrawal(fields.withdrawalRoot), WITHDRAWAL));
    }
    if (typeof fields.tree === "number") return this.trees.root(fields.tree);
    const signature = object(fields.signature);
    if (signature !== undefined) return this.sign(signature);
    throw new Error(`cannot make bytes of ${JSON.stringify(written)}`);
  }

  private number(written: string): bigint {
    const relative = /^(block|time)([+-]\d+)$/.exec(written);
    if (relative === null) return BigInt(written);
    return (relative[1] === "block" ? this.base.block : this.base.time) + BigInt(relative[2]);
  }

  private withdrawal(index: number): JsonObject {
    const found = this.withdrawals.at(index);
    if (found === undefined) throw new Error(`withdrawal ${index} is not queued yet`);
    return found;
  }

  private rootOf(withdrawal: Value): string {
    return keccak256(this.coder.encode([WITHDRAWAL], [withdrawal]));
  }

  /** An EIP-712 signature made with the key of the account named in `by`. */
  private sign(message: JsonObject): string {
    const { contract, type, fields } = SIGNED[message.kind as string];
    const types: TypedDataField[] = fields.split(",").map((text) => {
      const [fieldType, name] = text.split(" ");
      return { type: fieldType, name };
    });
    const values: Record<string, Value> = {};
    for (const { type: fieldType, name } of types) values[name] = this.value(message[name], ParamType.from(fieldType));
    const domain = {
      name: "EigenLayer",
      version: "1",
      chainId: this.chainId,
      verifyingContract: this.names.address(contract),
    };
    const signer = new SigningKey(this.accounts[(message.by as string).slice(1)].key);
    return signer.sign(TypedDataEncoder.hash(domain, { [type]: types }, values)).serialized;
  }

  /* CHAIN TO RECORDING */

  /** One value bare, several as an array. */
  outputs(fragment: FunctionFragment, values: Result): Json {
    const written = fragment.outputs.map((type, i) => this.written(values[i], type, type.name));
    return written.length === 1 ? written[0] : written;
  }

  written(value: unknown, type: ParamType, name: string): Json {
    if (type.isArray()) return [...(value as Result)].map((item) => this.written(item, type.arrayChildren, name));
    if (type.isTuple()) return this.writtenStruct(value as Result, type);
    if (type.baseType === "address") return this.names.written(value as string);
    if (type.baseType === "bool" || type.baseType === "string") return value as boolean | string;
    if (type.baseType.startsWith("bytes")) {
      const root = this.withdrawalOf.get(value as string);
      if (root !== undefined) return { withdrawalRoot: root };
      const tree = this.trees.numberOf(value as string);
      return tree === undefined ? (value as string) : { tree };
    }
    return this.writtenNumber(BigInt(value as bigint), name);
  }

  private writtenStruct(value: Result, type: ParamType): Json {
    if (isWithdrawal(type)) {
      const known = this.withdrawalOf.get(this.rootOf(plain(value)));
      if (known !== undefined) return { withdrawal: known };
    }
    return this.fullStruct(value, type);
  }

  private fullStruct(value: Result, type: ParamType): JsonObject {
    const fields: JsonObject = {};
    type.components?.forEach((component, i) => {
      fields[component.name || String(i)] = this.written(value[i], component, component.name);
    });
    return fields;
  }

  private writtenNumber(value: bigint, name: string): string {
    if (value === 0n) return "0";
    if (isBlock(name)) return `block${signed(value - this.base.block)}`;
    if (isTime(name)) return `time${signed(value - this.base.time)}`;
    return value.toString();
  }

  /** The hash in the event of a submission; not as a recording writes it when it is of anything else. */
  submissionHash(event: EventFragment, values: Result, index: number): Json {
    const at = (is: (type: ParamType) => boolean): number => event.inputs.findIndex(is);
    const submission = at((type) => type.name.toLowerCase().endsWith("submission"));
    const set = at((type) => type.name === "operatorSet");
    const avs: unknown = set >= 0 ? (values[set] as Result)[0] : values[at((type) => SUBMITTERS.includes(type.name))];
    const encoded = this.coder.encode(
      ["address", "uint256", event.inputs[submission]],
      [avs, values[at((type) => type.name === "submissionNonce")], plain(values[submission] as Result)],
    );
    return keccak256(encoded) === values[index] ? SUBMISSION_HASH : (values[index] as string);
  }

  /** A withdrawal in the event that queues it: written in full, and numbered from now on. */
  queued(value: Result, type: ParamType): JsonObject {
    const written = this.fullStruct(value, type);
    const root = this.rootOf(plain(value));
    if (!this.withdrawalOf.has(root)) {
      this.withdrawalOf.set(root, this.withdrawals.length);
      this.withdrawals.push(written);
    }
    return written;
  }
}

function field(fields: JsonObject, type: ParamType, index: number): Json {
  return fields[type.name || String(index)];
}

function isWithdrawal(type: ParamType): boolean {
  return type.components?.length === 7 && type.components[6].name === "scaledShares";
}

/** A decoded struct as nested plain arrays, which the coder takes again. */
function plain(value: Result): Value[] {
  return [...value].map((item: unknown) => (Array.isArray(item) ? plain(item as Result) : (item as Value)));
}
