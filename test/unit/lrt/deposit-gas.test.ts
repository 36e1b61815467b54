import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import { RATE_SOURCE } from "../../../deploy/steps/names";
import { intrinsicGas, type Opcode } from "../../../scripts/bench/breakdown";
import type { World } from "../../../scripts/sim/world";
import { ether, FOREVER, NO_REFERRAL, WAD } from "../../checks";
import { deployed } from "../../world";

const FORMS = ["ETH", "WETH", "wstETH", "stETH", "rETH", "cbETH"] as const;
type Form = (typeof FORMS)[number];

/** The last two have no budget but what docs/decisions/0015 says of them. */
const BUDGET: Record<Form, number> = {
  ETH: 60_000,
  WETH: 90_000,
  wstETH: 90_000,
  stETH: 120_000,
  rETH: 123_100,
  cbETH: 114_200,
};

const PAGE = join(__dirname, "../../../docs/decisions/0015-what-a-deposit-costs.md");
const PARTS = ["transaction", "proxy", "token", "rate source", "issuer", "market", "trETH", "pool"] as const;
type Part = (typeof PARTS)[number];
/** Some units of gas depend on how many bytes of an address are zero. */
const ADDRESS_BYTES = 100;

const COLD_ACCOUNT = 2_600;
/** First access to a slot, alone or with its change or its filling. */
const COLD_SLOT: Record<string, number[]> = { SLOAD: [2_100], SSTORE: [5_000, 22_100] };

interface Cost {
  parts: Record<Part, number>;
  all: number;
  coldAccounts: number;
  coldSlots: number;
}

/** Who does what in one deposit, told by who calls whom. */
function partOf(caller: Part, target: string, at: { source: string; market: string; trEth: string }): Part {
  if (caller === "transaction" || caller === "proxy") return "pool";
  if (caller === "rate source") return target === at.market ? "market" : "issuer";
  if (caller !== "pool") return caller;
  if (target === at.trEth) return "trETH";
  return target === at.source ? "rate source" : "token";
}

async function whereTo(world: World, form: Form) {
  const lower = (address: string) => address.toLowerCase();
  const trEth = lower(world.ctx.address("TrEth"));
  if (form === "ETH" || form === "WETH") return { source: "", market: "", trEth };
  const asset = form === "stETH" ? "wstETH" : form;
  const feed = form === "rETH" || form === "cbETH" ? await world.c.markets[form]?.getAddress() : undefined;
  return { source: lower(world.ctx.address(RATE_SOURCE(asset))), market: lower(feed ?? ""), trEth };
}

/** Gas by part; a first access to an account counts for the account's part. */
async function costOf(world: World, form: Form, sent: ContractTransactionResponse): Promise<Cost> {
  const all = Number((await sent.wait())?.gasUsed);
  const at = await whereTo(world, form);
  const trace = (await network.provider.send("debug_traceTransaction", [sent.hash])) as { structLogs: Opcode[] };
  const opcodes = trace.structLogs;
  const parts = Object.fromEntries(PARTS.map((part) => [part, 0])) as Cost["parts"];
  parts.transaction = intrinsicGas(sent.data);
  const cost: Cost = { parts, all, coldAccounts: 0, coldSlots: 0 };
  const frames: Part[] = ["proxy"];
  opcodes.forEach((op, i) => {
    frames.length = op.depth;
    const here = frames[op.depth - 1];
    const own = ownCost(opcodes, i);
    const calls = op.op.endsWith("CALL");
    const target = calls ? "0x" + op.stack[op.stack.length - 2].slice(-40) : "";
    const touched = op.op === "EXTCODESIZE" ? "0x" + op.stack[op.stack.length - 1].slice(-40) : target;
    if (calls) frames[op.depth] = partOf(here, target, at);
    if (touched !== "" && own - sentAlong(op) >= COLD_ACCOUNT) cost.coldAccounts += 1;
    if (COLD_SLOT[op.op]?.includes(op.gasCost)) cost.coldSlots += 1;
    parts[touched === "" || here === "proxy" ? here : partOf(here, touched, at)] += own;
  });
  const refunds = all - PARTS.reduce((sum, part) => sum + parts[part], 0);
  parts.token += refunds; // WETH's, whose slot of the pool is filled and emptied
  return cost;
}

/** What an opcode cost without the code that it called. */
function ownCost(opcodes: Opcode[], i: number): number {
  const at = opcodes[i];
  if (!at.op.endsWith("CALL")) return at.gasCost;
  const back = opcodes.findIndex((later, k) => k > i && later.depth <= at.depth);
  const last = opcodes[back - 1];
  const inside = opcodes[i + 1].depth > at.depth ? opcodes[i + 1].gas - (last.gas - last.gasCost) : 0;
  return at.gas - opcodes[back].gas - inside;
}

/** What sending ether adds to a call, less the stipend that the called code has of it. */
function sentAlong({ op, stack }: Opcode): number {
  return op === "CALL" && BigInt("0x" + stack[stack.length - 3]) !== 0n ? 9_000 - 2_300 : 0;
}

/** Steady state: every slot touched is in use, an allowance without end; the second deposit. */
async function measured(): Promise<Record<Form, Cost>> {
  const world = await loadFixture(deployed);
  const alice = await world.person(0);
  const pool = world.c.pool.connect(alice);
  for (const token of ["rETH", "cbETH"] as const) await world.publish(token, (await world.rateOf(token)) + 1n);
  const costs: Partial<Record<Form, Cost>> = {};
  for (const form of FORMS) {
    const token = form === "ETH" ? undefined : await world.acquire(alice, form, ether("10"));
    await token?.connect(alice).approve(pool, FOREVER);
    const deposit = () =>
      token === undefined
        ? pool.depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD })
        : pool.deposit(token, WAD, alice, 0n, FOREVER, NO_REFERRAL);
    await deposit();
    costs[form] = await costOf(world, form, await deposit());
  }
  return costs as Record<Form, Cost>;
}

/** Rows of the page's table of costs, by their first cell. */
function documented(): Record<string, Record<Form, number>> {
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const lines = readFileSync(PAGE, "utf8").split("\n");
  const head = lines.findIndex((line) => line.startsWith("| part "));
  expect(cells(lines[head]).slice(1)).to.deep.equal([...FORMS]);
  const end = lines.findIndex((line, i) => i > head && !line.startsWith("|"));
  const rows = lines.slice(head + 2, end).map(cells);
  const numbers = (row: string[]) => FORMS.map((form, i) => [form, Number(row[i + 1].replaceAll(" ", ""))]);
  return Object.fromEntries(rows.map((row) => [row[0], Object.fromEntries(numbers(row)) as Record<Form, number>]));
}

describe("DepositPool: gas of a deposit", () => {
  it("stays within its budget in every form", async () => {
    const costs = await measured();
    for (const form of FORMS) expect(costs[form].all, form).to.be.at.most(BUDGET[form]);
  });

  it("is what the page about it says, part by part", async () => {
    const costs = await measured();
    const page = documented();
    expect(Object.keys(page)).to.deep.equal([...PARTS, "all", "cold accounts", "cold slots"]);
    for (const form of FORMS) {
      const { parts, all, coldAccounts, coldSlots } = costs[form];
      for (const part of PARTS) {
        expect(page[part][form], `${form}: ${part}`).to.be.closeTo(parts[part], ADDRESS_BYTES);
      }
      expect(page.all[form], form).to.be.closeTo(all, ADDRESS_BYTES);
      expect([page["cold accounts"][form], page["cold slots"][form]], form).to.deep.equal([coldAccounts, coldSlots]);
    }
  });
});
