import { network, ethers } from "hardhat";
import type { Signer } from "ethers";
import { ROLE } from "../../deploy/steps/roles";
import { errorName } from "../../scripts/keeper/send";
import { BLOCK_SECONDS } from "../../scripts/sim/time";
import type { World } from "../../scripts/sim/world";
import { Random } from "../../scripts/story/random";
import type { AnnouncerMock, IAllocationManager } from "../../typechain-types";
import { allocationsOf, as, ether } from "../exit-world";
import { admits, objectiveTerms, type SetOf } from "../governance";
import { ATTEMPTS, attempt, preyOf, type Prey } from "../onboarding";
import { capsOf, exposureBy, pendingOf, reachable, readEngine, setKeyOf, setOf, termsOf } from "../risk-engine";
import { announcerIn, BY, grants, makesRoom } from "../risk-world";
import { staked } from "../world";

// A random walk of everybody who can change AVS risk: governance, guardian, operators' keys, AVSs, cranks, holders and time.
// After every step: no cap is newly broken but by what may break one, and every view says what the engine says.

/** A world with two assets in the engine, an AVS that does what it is told, and somebody who holds every role at once. */
export async function populated() {
  const { world, alice, bob } = await staked();
  await world.deposit(alice, "rETH", ether("30"));
  await world.crank();
  await makesRoom(world);
  const { announcer, set } = await announcerIn(world);
  await announcer.createSet(1n, [await world.c.strategy.getAddress()]);
  await admits(world, set, objectiveTerms({ capBps: 400n }));
  const holder = await grants(world, [ROLE.LOOSENING, ROLE.TIGHTENING, ROLE.GUARDIAN, ROLE.PROPOSING]);
  await world.c.sets.connect(holder).raiseAvsCap(set.avs, 1_000n);
  const { nodeOperator } = await world.c.operators.operator(0);
  const prey = await preyOf(world, 0, nodeOperator, undefined);
  return { world, alice, bob, announcer, set, holder, prey, engine: await allocationsOf(world) };
}

export interface Stage {
  world: World;
  alice: Signer;
  bob: Signer;
  announcer: AnnouncerMock;
  /** The announcer's set that is admitted; it has another one. */
  set: SetOf;
  holder: Signer;
  prey: Prey;
  engine: IAllocationManager;
}

/** What one step is about. */
interface Draw {
  operator: number;
  set: SetOf;
  /** 1 … 1 000. */
  part: bigint;
}

export interface Walked {
  seed: number;
  /** How often each act went through, and was refused. */
  done: Map<string, [done: number, refused: number]>;
  told: string[];
  failures: string[];
}

/** After these a cap may be broken that was not: a fall of stake, a lower cap, and slashers that count for more. */
const BREAKS = new Set([
  "AVS slashes",
  "lower cap of a set",
  "lower cap of an AVS",
  "verify a slasher", // for more than before
  "unverify a slasher",
  "AVS changes its slasher",
]);
/** Roundings of a few wei for each allocation, of a rate that moves by a wei a day, and of shares of an odd strategy. */
const ROUNDING = 20_000n;

/** One run on a stage that stands; leaves it as it was. */
export async function walkRisk(stage: Stage, seed: number, steps: number, isThorough = false): Promise<Walked> {
  const untouched = (await network.provider.send("evm_snapshot")) as string;
  try {
    return await new RiskWalk(stage, seed, isThorough).run(steps);
  } finally {
    await network.provider.send("evm_revert", [untouched]);
  }
}

class RiskWalk {
  private readonly random: Random;
  private readonly walked: Walked;
  private before = new Map<string, bigint>();

  constructor(
    private readonly stage: Stage,
    seed: number,
    private readonly isThorough: boolean,
  ) {
    this.random = new Random(seed, "risk");
    this.walked = { seed, done: new Map(), told: [], failures: [] };
  }

  async run(steps: number): Promise<Walked> {
    this.before = await this.look("the start");
    for (let n = 0; n < steps && this.walked.failures.length === 0; ++n) await this.step(n);
    await this.stage.world.c.accountant.report();
    await this.addsUp();
    return this.walked;
  }

  private async step(n: number): Promise<void> {
    const draw = await this.draw();
    const acts = Object.entries({ ...this.cranks(draw), ...this.governance(draw), ...this.others(draw) });
    const [name, act] = acts[Number(this.random.between(0n, BigInt(acts.length - 1)))];
    const count = this.walked.done.get(name) ?? [0, 0];
    this.walked.done.set(name, count);
    const outcome = await act().then(
      () => "done",
      (error: unknown) => errorName(this.stage.world.c, error) ?? String(error).split("\n")[0].slice(0, 90),
    );
    ++count[outcome === "done" ? 0 : 1];
    const { operator, set, part } = draw;
    const told = `${n}: ${name}; operator ${operator}, set ${setKeyOf(set.avs, set.id)}, part ${part}: ${outcome}`;
    this.walked.told.push(told);
    const caps = await this.look(told);
    for (const [cap, over] of caps) {
      const was = this.before.get(cap) ?? 0n;
      const most = was > 1n ? was : 1n;
      if (over > most && !(BREAKS.has(name) && outcome === "done"))
        this.fail(told, `${cap} is ${over} over, was ${was}`);
    }
    this.before = caps;
  }

  private async draw(): Promise<Draw> {
    const { sets, operators } = this.stage.world.c;
    const all = (await sets.sets()).map(({ avs, id }) => ({ avs, id }));
    all.push({ ...this.stage.set, id: 1n });
    return {
      operator: Number(this.random.between(0n, (await operators.count()) - 1n)),
      set: all[Number(this.random.between(0n, BigInt(all.length - 1)))],
      part: this.random.between(1n, 1_000n),
    };
  }

  /* WHAT ANYBODY DOES */

  private cranks({ operator, set, part }: Draw): Record<string, () => Promise<unknown>> {
    const { world, alice, bob } = this.stage;
    const { controller, sets, operators, desk, accountant } = world.c;
    const by = world.keeper;
    const asset = part % 3n === 0n ? world.ctx.address("rETH") : world.asset;
    return {
      rebalance: () => controller.connect(by).rebalance(operator, part % 7n),
      allocate: () => controller.connect(by).allocate(operator, set),
      deposit: () => world.deposit(alice, "stETH", ether("0.01") * part),
      "deposit rETH": () => world.deposit(alice, "rETH", ether("0.01") * part),
      request: () => world.request(bob, asset, ether("0.002") * part),
      restake: () => desk.connect(by).restake(asset, (part % 9n) + 1n),
      unbond: () => desk.connect(by).unbond(asset, (part % 9n) + 1n),
      complete: () => desk.connect(by).complete(operator, 9n),
      report: () => accountant.report(),
      sync: async () => accountant.sync((await operators.operator(operator)).delegator),
      "a day": () => world.days(1),
      "some blocks": () => world.pass(BLOCK_SECONDS * ((part % 60n) + 1n)),
      "a block": () => world.pass(BLOCK_SECONDS),
      "report a fault": () => operators.connect(by).reportFault(operator),
      "quarantine a set": () => sets.connect(by).quarantineSet(set),
      "admit a set": () => sets.connect(by).admitSet(set),
      "forget a set": () => sets.connect(by).forgetSet(set),
    };
  }

  /* WHAT ROLES DO */

  private governance({ operator, set, part }: Draw): Record<string, () => Promise<unknown>> {
    const { world, holder, bob, engine } = this.stage;
    const [controller, sets] = [world.c.controller.connect(holder), world.c.sets.connect(holder)];
    const operators = world.c.operators.connect(holder);
    const code = async () => ethers.keccak256(await ethers.provider.getCode(await engine.getSlasher(set)));
    const entityOf = async (i: number) => (await operators.operator(i)).entity;
    return {
      "raise a target": () => controller.raiseTarget(operator, set, ether("0.0002") * part),
      "lower a target": () => controller.lowerTarget(operator, set, ether("0.0001") * part),
      "pause increases": () => controller.pauseIncreases(3_600n * (part % 72n)),
      "resume increases": () => controller.resumeIncreases(),
      "take out of a set": () => controller.deregister(operator, set.avs, [set.id]),
      "raise cap of a set": () => sets.raiseSetCap(set, part),
      "lower cap of a set": () => sets.lowerSetCap(set, part),
      "raise cap of an AVS": () => sets.raiseAvsCap(set.avs, part),
      "lower cap of an AVS": () => sets.lowerAvsCap(set.avs, part),
      "verify a slasher": async () =>
        sets.verifySlasher(await code(), ether("0.001") * part, await sets.ADMISSION_WAIT()),
      "unverify a slasher": async () => sets.unverifySlasher(await code()),
      "report rewards": () => sets.reportRewardRate(set, ether("0.001") * part),
      "propose a set": () => sets.proposeSet(set, objectiveTerms({ capBps: part })),
      "drop a set": async () => (part % 3n === 0n ? sets.dropSet(set) : Promise.reject(new Error("spared"))),
      "raise a weight": () => operators.raiseWeight(operator, part * 3n),
      "lower a weight": () => operators.lowerWeight(operator, part),
      "set an operator aside": () => operators.quarantine(operator),
      "release an operator": () => operators.release(operator),
      "merge entities": async () =>
        operators.mergeEntities(await entityOf(operator), await entityOf(Number(part % 5n))),
      "move to an entity": async () => operators.moveToEntity((await operators.operator(operator)).nodeOperator, part),
      "take on an operator": async () =>
        (await operators.count()) < 7n
          ? operators.addOperator(bob, 99n, 10n, 1_000n, "https://example.org/more.json")
          : Promise.reject(new Error("enough")),
    };
  }

  /* WHAT OPERATORS' KEYS AND AVSS DO */

  private others({ operator, set, part }: Draw): Record<string, () => Promise<unknown>> {
    const { world, engine, prey } = this.stage;
    const { operators, controller, registry } = world.c;
    const seat = async () => engine.connect(await as(set.avs));
    const key = async () => as((await operators.operator(operator)).nodeOperator);
    const strategy = async () => (await registry.strategies())[Number(part % 3n) + 1];
    return {
      "key registers": async () => controller.connect(await key()).register(operator, set.avs, [set.id], "0x"),
      "key tries": async () => {
        const names = Object.keys(ATTEMPTS).filter((name) => !name.includes("completeQueued"));
        const { account, delegator } = await operators.operator(operator);
        const aim = { ...prey, account, delegator };
        const name = names[Number(part % BigInt(names.length))];
        const by = await key();
        await attempt(world, name, by, ATTEMPTS[name].args(aim), "send").then(
          () => this.fail(name, "went through"),
          () => undefined,
        );
      },
      "AVS slashes": () => this.slash(set, operator, ether("0.001") * part),
      "AVS adds a strategy": async () => (await seat()).addStrategiesToOperatorSet(set.avs, set.id, [await strategy()]),
      "AVS removes a strategy": async () =>
        (await seat()).removeStrategiesFromOperatorSet(set.avs, set.id, [await strategy()]),
      "AVS changes its slasher": async () => (await seat()).updateSlasher(set, await world.person(9)),
      "AVS changes its registrar": async () => (await seat()).setAVSRegistrar(set.avs, this.stage.announcer),
      "AVS throws an operator out": async () => {
        const { account } = await operators.operator(operator);
        return (await seat()).deregisterFromOperatorSets({ operator: account, avs: set.avs, operatorSetIds: [set.id] });
      },
    };
  }

  private async slash(set: SetOf, operator: number, wad: bigint): Promise<void> {
    const { world, engine } = this.stage;
    const { account } = await world.c.operators.operator(operator);
    const slasher = await as(await engine.getSlasher(set));
    const strategies = [...(await engine.getStrategiesInOperatorSet(set))].sort((a, b) =>
      BigInt(a) < BigInt(b) ? -1 : 1,
    );
    const params = { operator: account, operatorSetId: set.id, strategies, description: "walk" };
    await engine.connect(slasher).slashOperator(set.avs, { ...params, wadsToSlash: strategies.map(() => wad) });
  }

  /* WHAT MUST HOLD */

  private fail(when: string, what: string): void {
    this.walked.failures.push(`after ${when}: ${what}`);
  }

  /** Exposure by which keys is looked at now: by all in a campaign, by two in turn in a test. */
  private keys(): bigint[] {
    const all = Object.values(BY);
    return this.isThorough ? all : all.slice((this.walked.told.length % 3) * 2).slice(0, 2);
  }

  /** Compares every view with the engine; returns by how much caps are passed. */
  private async look(when: string): Promise<Map<string, bigint>> {
    const { risk, reader } = this.stage.world.c;
    const [seen, terms] = [await readEngine(this.stage.world), await termsOf(this.stage.world)];
    for (const { set } of seen.rows) if (!terms.has(set)) this.fail(when, `allocated to ${set}, which is on no list`);
    const near = (what: string, actual: bigint, expected: bigint, within = ROUNDING) => {
      const difference = actual > expected ? actual - expected : expected - actual;
      if (difference > within) this.fail(when, `${what} is ${actual}, by the engine ${expected}`);
    };
    for (const by of this.keys()) {
      const expected = exposureBy(seen, by, terms);
      const slices = await risk.exposures(by);
      const keys = slices
        .map(({ key }) => key)
        .sort()
        .join();
      if (keys !== [...expected.keys()].sort().join()) this.fail(when, `exposures by ${by} are of ${keys}`);
      for (const { key, etherNow, etherLater, etherAtRisk, atRiskBps } of slices) {
        const { now, later, atRisk } = expected.get(key) ?? { now: 0n, later: 0n, atRisk: 0n };
        near(`exposure by ${by} of ${key} now`, etherNow, now);
        near(`exposure by ${by} of ${key} later`, etherLater, later);
        near(`exposure by ${by} of ${key} at risk`, etherAtRisk, atRisk);
        const bps = seen.stake === 0n ? 0n : (atRisk * 10_000n + seen.stake - 1n) / seen.stake; // rounds up
        near(`exposure by ${by} of ${key} in bps`, atRiskBps, bps, 1n);
      }
    }
    const total = [...exposureBy(seen, BY.asset, terms).values()].reduce((sum, { atRisk }) => sum + atRisk, 0n);
    near("worst case loss", await risk.worstCaseLoss(), total);
    near("slashable stake", await risk.slashableStake(), seen.stake);
    const pending = (await risk.pendingChanges()).map((cell) =>
      [
        ...[cell.operatorId, setKeyOf(cell.set.avs, cell.set.id), cell.asset],
        ...[cell.current, cell.pendingDiff, cell.effectBlock],
      ].join(" "),
    );
    if (pending.sort().join() !== pendingOf(seen).join()) this.fail(when, `pending changes are ${pending.join("; ")}`);
    // What the controller goes by reads our books, which may be behind a slash, and never shows less than there is.
    for (const { set, asset, shares } of reachable(seen)) {
      const { avs, id } = setOf(set);
      const shown = await reader.exposure({ avs, id }, asset);
      if (shown + 10n < shares) this.fail(when, `the controller sees ${shown} of ${shares} shares behind ${set}`);
    }
    const { allocation } = this.stage.world.ctx.config;
    return capsOf(seen, terms, allocation);
  }

  /** The ledger by AVS and operator is what the accountant entered as slashed. */
  private async addsUp(): Promise<void> {
    const { attribution, accountant, operators, registry } = this.stage.world.c;
    let [entered, byOperator] = [0n, 0n];
    for (const { account, delegator } of await operators.operators()) {
      for (const asset of (await registry.assets()).slice(1)) entered += await accountant.slashedOf(delegator, asset);
      byOperator += await attribution.lossOfOperator(account);
    }
    let byAvs = 0n;
    for (const avs of [...this.stage.world.c.avss, this.stage.set.avs, ethers.ZeroAddress])
      byAvs += await attribution.lossOfAvs(avs);
    const sums = [await attribution.attributedLoss(), byOperator, byAvs].filter((sum) => sum !== entered);
    if (sums.length > 0) this.fail("all", `losses add up to ${sums.join(", ")}; ${entered} were entered`);
  }
}
