import { AbiCoder, Contract, id as keccakText, parseEther, Wallet, ZeroAddress, type BaseContract } from "ethers";
import type { IAllocationManager, InstantSlasher, VetoableSlasher } from "../../typechain-types";
import { eotsKey, eotsNonce, registrationData, signingKey } from "./avs";
import { signEots } from "./eots";
import { leafOf, MerkleTree } from "./merkle";
import { BLOCK_SECONDS, now } from "./time";
import type { World } from "./world";

// What operators do wrong, each with somebody who proves it. Verbs act; they never judge.

const coder = AbiCoder.defaultAbiCoder();
const HEIGHTS_OF_EPOCH = 1_024n;
const SENT = 307;

async function at<T extends BaseContract>(world: World, name: string, address: string): Promise<T> {
  return new Contract(address, await world.ctx.chain.abi(name), world.keeper) as BaseContract as T;
}

const first = <T>(found: T[], what: string): T => {
  if (found.length === 0) throw new Error(`no ${what} is deployed`);
  return found[0];
};

/** An operator of ours promises to keep data, and does not answer when it is asked for them. */
export async function staysSilent(world: World, operatorId: number): Promise<void> {
  const avs = first(world.c.availability, "availability AVS").connect(world.keeper);
  const { account } = await world.c.operators.operator(operatorId);
  const time = await now(world.ctx.provider);
  const blob = { root: keccakText(`lost at ${time}`), operatorSetId: 0n, chunks: 1n, serveUntil: time + 3_600n };
  const blobId = await avs.blobIdOf(blob);
  await (await avs.submit(blob)).wait();
  const key = signingKey(await avs.getAddress(), account).signingKey;
  await (await avs.accept(blobId, account, key.sign(await avs.custodyDigest(blobId, 0n)).serialized)).wait();
  await (await avs.challenge(blobId, account, { value: await avs.bond() })).wait();
  await world.pass((await avs.responseWindow()) + BLOCK_SECONDS);
  const slasher = await at<InstantSlasher>(world, "InstantSlasher", await avs.slasher());
  await (await slasher.slash(account, 0n, coder.encode(["bytes32"], [blobId]))).wait();
  await (await avs.refund(blobId, account)).wait();
  await (await avs.collect(await world.keeper.getAddress())).wait();
}

/** An operator of ours votes for two blocks of one height. */
export async function votesTwice(world: World, operatorId: number): Promise<void> {
  const avs = first(world.c.finality, "finality AVS").connect(world.keeper);
  const { account } = await world.c.operators.operator(operatorId);
  const address = await avs.getAddress();
  const key = eotsKey(address, account);
  const epoch = await now(world.ctx.provider); // one that nobody used
  const height = epoch * HEIGHTS_OF_EPOCH;
  const nonce = eotsNonce(address, account, height);
  const { root } = new MerkleTree([
    leafOf(["uint32", "uint64", "uint256", "address"], [0n, height, nonce.x, nonce.address]),
  ]);
  const commitNonce = eotsNonce(address, account, root);
  const s = signEots(key, commitNonce, await avs.commitMessage(account, epoch, root));
  const signature = { nonceX: commitNonce.x, nonceY: commitNonce.y, s };
  await (await avs.commitNonces(account, epoch, root, signature)).wait();
  const votes = await Promise.all(
    ["one block", "another block"].map(async (text) => {
      const blockHash = keccakText(text);
      const signed = signEots(key, nonce, await avs.voteMessage(0n, height, blockHash));
      return [blockHash, signed, [nonce.x, nonce.address, []]];
    }),
  );
  const vote = "tuple(bytes32,uint256,tuple(uint256,address,bytes32[]))";
  const slasher = await at<InstantSlasher>(world, "InstantSlasher", await avs.slasher());
  await (await slasher.slash(account, 0n, coder.encode(["uint64", vote, vote], [height, ...votes]))).wait();
}

/** An operator of ours reports twice what all others report; the slash of its accuracy set is announced. */
async function deviates(world: World, avsIndex: number, operatorId: number) {
  const avs = world.c.avss[avsIndex].connect(world.keeper);
  const old = await avs.currentRound();
  while ((await avs.currentRound()) === old) await world.pass(BLOCK_SECONDS); // all of them report within one round
  const round = await avs.currentRound();
  const operators = await world.c.operators.operators();
  const [accuracySet, least] = [await avs.feeds(), await avs.minStake()];
  for (const [i, { account }] of operators.entries()) {
    if (i !== operatorId && (await avs.stakeOf(account, accuracySet)) < least) continue; // nobody would hear it
    const value = i === operatorId ? 2_000n : 1_000n;
    const key = signingKey(await avs.getAddress(), account).signingKey;
    const signature = key.sign(await avs.reportDigest(0n, round, value)).serialized;
    await (await avs.report(account, 0n, round, value, signature)).wait();
  }
  await (await avs.settle(0n, round)).wait();
  const slasher = await at<VetoableSlasher>(world, "VetoableSlasher", await avs.accuracySlasher());
  const announcement = [operators[operatorId].account, await avs.feeds(), coder.encode(["uint64"], [round])] as const;
  const id = await slasher.announce.staticCall(...announcement);
  await (await slasher.announce(...announcement)).wait();
  return { slasher, id };
}

/** The same, and nobody objects. */
export async function deviatesForNoReason(world: World, avsIndex: number, operatorId: number): Promise<void> {
  const { slasher, id } = await deviates(world, avsIndex, operatorId);
  await world.pass((await slasher.vetoWindow()) + BLOCK_SECONDS);
  await (await slasher.execute(id)).wait();
}

/** The same, and the committee vetoes the slash. */
export async function deviatesForAReason(world: World, avsIndex: number, operatorId: number): Promise<void> {
  const { slasher, id } = await deviates(world, avsIndex, operatorId);
  const { committedAt } = await slasher.request(id);
  const committee = await world.signer(await slasher.committeeAt(committedAt));
  await (await slasher.connect(committee).veto(id)).wait();
}

/** An operator of the bridge, none of ours, forges a message; the insurance gets its stake. Returns what it got. */
export async function forges(world: World, amount: bigint): Promise<bigint> {
  const { ctx, c } = world;
  const avs = first(c.bridges, "bridge AVS").connect(world.keeper);
  const forger = new Wallet(keccakText(`trellis forger ${await now(ctx.provider)}`), ctx.provider);
  await (await world.keeper.sendTransaction({ to: forger.address, value: amount + parseEther("1") })).wait();
  const engine = await at<IAllocationManager>(world, "IAllocationManager", await c.allocation.getAddress());
  const set = { avs: await avs.getAddress(), id: 0n };
  const strategy = await c.strategy.getAddress();
  const token = await world.acquire(forger, "stETH", amount);
  const [manager, stETH] = [c.strategies.connect(forger), await token.getAddress()];
  await (await token.connect(forger).approve(await manager.getAddress(), amount)).wait();
  await (await manager.depositIntoStrategy(strategy, stETH, amount)).wait();
  await (await c.delegation.connect(forger).registerAsOperator(ZeroAddress, 0n, "")).wait();
  const data = await registrationData(avs, forger.address);
  const own = engine.connect(forger);
  await (await own.registerForOperatorSets(forger, { avs: set.avs, operatorSetIds: [0n], data })).wait();
  const all = [{ operatorSet: set, strategies: [strategy], newMagnitudes: [parseEther("1")] }];
  await (await own.modifyAllocations(forger, all)).wait();

  const lie = {
    operatorSetId: 0n,
    nonce: SENT + 1,
    payloadHash: keccakText("all of it"),
    seenAt: await now(ctx.provider),
  };
  const signature = signingKey(set.avs, forger.address).signingKey.sign(await avs.attestationDigest(lie)).serialized;
  await (await avs.attest(forger, lie, signature)).wait();
  const outboxAt = await now(ctx.provider);
  const canonical = avs.connect(await world.signer(await avs.canonical()));
  await (await canonical.postOutbox(outboxAt, { root: keccakText("outbox"), count: SENT })).wait();
  const evidence = coder.encode(
    ["tuple(uint32,uint64,bytes32,uint64)", "bytes", "tuple(uint64,bytes32,bytes32[])"],
    [[0n, lie.nonce, lie.payloadHash, lie.seenAt], signature, [outboxAt, keccakText(""), []]],
  );
  const slasher = await at<InstantSlasher>(world, "InstantSlasher", await avs.slasher());
  await (await slasher.slash(forger, 0n, evidence)).wait();
  const insurance = await avs.insurance();
  const before = await c.stEth.balanceOf(insurance);
  await (
    await c.strategies.connect(world.keeper).clearBurnOrRedistributableShares(set, await engine.getSlashCount(set))
  ).wait();
  return (await c.stEth.balanceOf(insurance)) - before;
}
