import type { BaseContract } from "ethers";
import { changes, seizes, termsOf, type Newcomer } from "../sim/newcomer";
import { now } from "../sim/time";
import { operatorIdOf, setOf, type Stage } from "./deeds";
import type { EventOf } from "./scenario";
import { BPS, WAD } from "./units";

/** Something that governance has announced. Tried every day from the next on: it tells when it is done, or that it is not. */
export type Pending = () => Promise<string[] | undefined>;

const wadOf = (bps: bigint): bigint => (bps * WAD) / BPS;

interface Decision {
  contract: BaseContract;
  name: string;
  args: unknown[];
}

/** Announces decisions today; they are in force once the delay is over and what they need is there. */
async function announce({ world }: Stage, decisions: Decision[]): Promise<() => Promise<boolean>> {
  const { manager } = world.c;
  const { admin } = world.ctx.config.governance;
  const governed = manager.connect(await world.signer(admin));
  const calls = await Promise.all(
    decisions.map(async ({ contract, name, args }) => ({
      target: await contract.getAddress(),
      data: contract.interface.encodeFunctionData(name, args),
    })),
  );
  for (const { target, data } of calls) await (await governed.schedule(target, data, 0)).wait();
  return async () => {
    const time = await now(world.ctx.provider);
    for (const { target, data } of calls) {
      if ((await manager.readyAt(await manager.hashOperation(admin, target, data))) > time) return false;
    }
    for (const { target, data } of calls) await (await governed.execute(target, data)).wait();
    return true;
  };
}

/** Governance looks at a slash and sets the operator's target again. */
export async function renew(stage: Stage, e: EventOf<"renew">): Promise<Pending> {
  const { controller } = stage.world.c;
  const { address, id } = setOf(stage.cast, e);
  const operatorId = operatorIdOf(stage.cast, e.operator);
  const { magnitude } = await controller.targetOf(operatorId, { avs: address, id });
  const args = [operatorId, { avs: address, id }, magnitude];
  const execute = await announce(stage, [{ contract: controller, name: "raiseTarget", args }]);
  return async () => ((await execute()) ? [`governance trusts ${e.operator} with ${e.avs}/${e.set} again`] : undefined);
}

/** Sets every operator's target for a set: a lower one at once, a higher one after the delay. */
export async function retarget(stage: Stage, e: EventOf<"retarget">): Promise<{ told: string[]; pending?: Pending }> {
  const { world, cast } = stage;
  const { controller } = world.c;
  const { address: avs, id } = setOf(cast, e);
  const target = wadOf(e.targetBps);
  const tight = controller.connect(await world.signer(world.ctx.config.governance.tightening));
  const raised: Decision[] = [];
  for (const i of cast.operators.keys()) {
    const { magnitude } = await controller.targetOf(i, { avs, id });
    if (magnitude > target) await (await tight.lowerTarget(i, { avs, id }, target)).wait();
    if (magnitude < target) raised.push({ contract: controller, name: "raiseTarget", args: [i, { avs, id }, target] });
  }
  const what = `${e.targetBps} bps of every operator's stake for ${e.avs}/${e.set}`;
  if (raised.length === 0) return { told: [`targets are lowered to ${what}`] };
  const execute = await announce(stage, raised);
  const pending: Pending = async () => ((await execute()) ? [`targets are raised to ${what}`] : undefined);
  return { told: [`governance announces targets of ${what}`], pending };
}

/** Publishes the terms of a newcomer's set and what it shall get. Once it is admitted, by anyone, operators join. */
export async function propose(stage: Stage, e: EventOf<"newcomer">): Promise<{ told: string[]; pending: Pending }> {
  const { world, cast } = stage;
  const { sets, controller, operators } = world.c;
  const found = newcomerOf(stage, e.avs);
  const set = { avs: found.address, id: 0n };
  const proposing = sets.connect(await world.signer(world.ctx.config.governance.admin));
  await (await proposing.proposeSet(set, termsOf(found, e.capBps))).wait();
  await (await proposing.reportRewardRate(set, wadOf(e.payBps))).wait();
  const target = wadOf(e.targetBps);
  const execute = await announce(stage, [
    { contract: sets, name: "raiseAvsCap", args: [found.address, e.capBps] },
    ...cast.operators.map((_, i) => ({ contract: controller, name: "raiseTarget", args: [i, set, target] })),
  ]);
  const pending: Pending = async () => {
    if (!(await sets.limitsOf(set)).isAdmitted || !(await execute())) return undefined;
    for (const [i, { nodeOperator }] of (await operators.operators()).entries()) {
      const node = controller.connect(await world.signer(nodeOperator));
      await (await node.register(i, set.avs, [set.id], "0x")).wait();
    }
    return [`${e.avs} is admitted; operators join it`];
  };
  return { told: [`governance proposes ${e.avs}: at most ${e.capBps} bps, after a public wait`], pending };
}

/** The tightening role sets an operator aside. */
export async function expel({ world, cast }: Stage, e: EventOf<"expel">): Promise<string[]> {
  const tight = world.c.operators.connect(await world.signer(world.ctx.config.governance.tightening));
  await (await tight.quarantine(operatorIdOf(cast, e.operator))).wait();
  return [`${e.operator} is set aside: no new stake, and what it has comes home`];
}

/** A newcomer takes what it may. */
export async function seize(stage: Stage, e: EventOf<"seize">): Promise<string[]> {
  await seizes(stage.world, newcomerOf(stage, e.avs), operatorIdOf(stage.cast, e.operator), e.bps);
  return [`${e.avs} turns hostile: ${e.operator} is slashed without a reason, of ${e.bps} bps of all that it may take`];
}

/** A newcomer becomes another one than was admitted. */
export async function turn(stage: Stage, e: EventOf<"turn">): Promise<string[]> {
  await changes(stage.world, newcomerOf(stage, e.avs), e.change);
  return [`${e.avs} turns hostile: it changes its ${e.change === "strategy" ? "strategies" : e.change}`];
}

function newcomerOf({ cast }: Stage, name: string): Newcomer {
  const found = cast.newcomers.find((n) => n.name === name);
  if (found === undefined) throw new Error(`no newcomer ${name}`);
  return found;
}
