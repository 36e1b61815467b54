/** Slashes: of deposits, of what is queued or on its way out, again and again, of everything. */
import { ethers } from "hardhat";
import { ZeroAddress, type AddressLike } from "ethers";
import {
  allocates,
  completes,
  CREATE_REDISTRIBUTING,
  delegates,
  deposits,
  engineWorld,
  ether,
  mine,
  operates,
  queuedOf,
  queues,
  SET,
  slashes,
  WAD,
  withdrawableOf,
  type EngineWorld,
} from "../../integration/engine/world";
import { refusal } from "../../integration/engine/refusal";
import {
  allocationOf,
  blockNumber,
  burnOf,
  countOf,
  depositedBy,
  eventOf,
  joins,
  maxOf,
  scalingOf,
  setOf,
  sharesOf,
  staked,
  type Scenarios,
} from "./scenario";

const BURN = "0x00000000000000000000000000000000000E16E4";

/** What a slash of the first strategy would return. */
async function returned(w: EngineWorld, wad: bigint, id: bigint): Promise<[bigint, bigint[]]> {
  const strategies = [w.strategies[0]];
  const params = { operator: w.operator, operatorSetId: id, strategies, wadsToSlash: [wad], description: "" };
  return w.am.connect(w.avs).slashOperator.staticCall(w.avs, params);
}

export const SLASHING_SCENARIOS: Scenarios = {
  deposit_around_slash: async (saw) => {
    const w = await staked(WAD / 2n, ether("100"));
    const [strategy] = w.strategies;
    const slashed = await eventOf(slashes(w, w.operator, [WAD / 2n]), "OperatorSlashed");
    saw("wadSlashed in event", (slashed.wadSlashed as bigint[])[0]);
    saw("maxMagnitude", await maxOf(w));
    saw("encumbered", await w.am.getEncumberedMagnitude(w.operator, strategy));
    saw("allocatable", await w.am.getAllocatableMagnitude(w.operator, strategy));
    saw("operatorShares", await sharesOf(w));
    saw("withdrawable(1)", await withdrawableOf(w, w.alice));
    saw("dsf(1)", await scalingOf(w, w.alice));
    await deposits(w, w.alice, ether("50"));
    saw("after +50: depositShares", await w.sm.stakerDepositShares(w.alice, strategy));
    saw("after +50: dsf", await scalingOf(w, w.alice));
    saw("after +50: withdrawable", await withdrawableOf(w, w.alice));
    saw("after +50: operatorShares", await sharesOf(w));
    await deposits(w, w.bob, ether("80"));
    await delegates(w, w.bob, w.operator);
    saw("newcomer dsf", await scalingOf(w, w.bob));
    saw("newcomer withdrawable", await withdrawableOf(w, w.bob));
    saw("operatorShares with newcomer", await sharesOf(w));
    await slashes(w, w.operator, [WAD / 3n]);
    saw("2nd slash maxMagnitude", await maxOf(w));
    saw("2nd slash operatorShares", await sharesOf(w));
    saw("2nd slash withdrawable(1)", await withdrawableOf(w, w.alice));
    saw("2nd slash withdrawable(2)", await withdrawableOf(w, w.bob));
    const all = await withdrawableOf(w, w.alice);
    const [converted] = await w.dm.convertToDepositShares(w.alice, [strategy], [all]);
    saw("convertToDepositShares(1, withdrawable)", converted);
    await queues(w, w.alice, [ether("60")]);
    const { withdrawal, worth } = await queuedOf(w, w.alice);
    saw("queue 60 deposit shares: scaledShares", withdrawal.scaledShares[0]);
    saw("queue 60: would receive", worth[0]);
    saw("queue 60: withdrawable left", await withdrawableOf(w, w.alice));
    saw("queue 60: operatorShares", await sharesOf(w));
    saw("dsf kept", await scalingOf(w, w.alice));
    await queues(w, w.alice, [ether("90")]);
    saw("queue rest: dsf reset", await scalingOf(w, w.alice));
    saw("queue rest: operatorShares", await sharesOf(w));
    saw("! queue more than owned", await refusal(queues(w, w.alice, [1n])));
  },

  slash_while_queued: async (saw) => {
    const w = await staked(WAD, ether("100"), ether("100"));
    const [strategy] = w.strategies;
    await queues(w, w.alice, [ether("40")]);
    const start = await blockNumber();
    saw("slashable in queue", await w.dm.getSlashableSharesInQueue(w.operator, strategy));
    saw("operatorShares", await sharesOf(w));
    const total = async (wad: bigint) =>
      (await eventOf(slashes(w, w.operator, [wad]), "OperatorSharesSlashed")).totalSlashedShares as unknown;
    saw("OperatorSharesSlashed total", await total(WAD / 4n));
    saw("operatorShares after", await sharesOf(w));
    saw("pending burn", await burnOf(w, 1n));
    saw("queue slashable after", await w.dm.getSlashableSharesInQueue(w.operator, strategy));
    const worth = async () => (await queuedOf(w, w.alice)).worth[0];
    saw("queued withdrawal now worth", await worth());
    saw("! complete too early", await refusal(completes(w, w.alice)));
    await mine(start + 19 - (await blockNumber()));
    saw("2nd slash total", await total(WAD / 5n));
    saw("2nd slash lands in block startBlock+", (await blockNumber()) - start);
    saw("queued worth after 2nd", await worth());
    saw("3rd slash total (queue untouched)", await total(WAD / 2n));
    saw("3rd slash lands in block startBlock+", (await blockNumber()) - start);
    saw("queued worth after 3rd", await worth());
    const { withdrawal, tokens } = await queuedOf(w, w.alice);
    const complete = (who = w.alice, altered = withdrawal, paid = tokens) =>
      w.dm.connect(who).completeQueuedWithdrawal(altered, paid, true);
    saw("! complete by another", await refusal(complete(w.bob)));
    saw("! complete with altered struct", await refusal(complete(w.alice, { ...withdrawal, nonce: 9n })));
    saw("! token array length", await refusal(complete(w.alice, withdrawal, [])));
    const before = await w.tokens[0].balanceOf(w.alice);
    await complete();
    saw("tokens received", (await w.tokens[0].balanceOf(w.alice)) - before);
    saw("! complete twice", await refusal(complete()));
    saw("withdrawable(1)", await withdrawableOf(w, w.alice));
    saw("withdrawable(2)", await withdrawableOf(w, w.bob));
    saw("operatorShares end", await sharesOf(w));
    for (const id of [1n, 2n, 3n]) await w.sm.clearBurnOrRedistributableShares(setOf(w), id);
    saw("burnt", await w.tokens[0].balanceOf(BURN));
    saw("strategy totalShares", await strategy.totalShares());
    saw("strategy balance", await w.tokens[0].balanceOf(strategy));
  },

  dealloc_pending_slashed: async (saw) => {
    const w = await staked((WAD * 6n) / 10n, ether("100"));
    const [strategy] = w.strategies;
    const encumbered = () => w.am.getEncumberedMagnitude(w.operator, strategy);
    const changed = await eventOf(allocates(w, w.operator, SET, [WAD / 10n]), "AllocationUpdated");
    const block = await blockNumber();
    saw("effectBlock - block", (changed.effectBlock as bigint) - BigInt(block));
    saw("event magnitude", changed.magnitude);
    saw("current", (await allocationOf(w)).currentMagnitude);
    saw("pendingDiff", (await allocationOf(w)).pendingDiff);
    saw("encumbered", await encumbered());
    const least = async (at: number) =>
      (await w.am.getMinimumSlashableStake(setOf(w), [w.operator], [strategy], block + at))[0][0];
    saw("min slashable before effect", await least(20));
    saw("min slashable at effect", await least(21));
    saw("! second change while pending", await refusal(allocates(w, w.operator, SET, [WAD / 5n])));
    await slashes(w, w.operator, [WAD / 2n]);
    saw("slashed 50%: current", (await allocationOf(w)).currentMagnitude);
    saw("slashed 50%: pendingDiff", (await allocationOf(w)).pendingDiff);
    saw("slashed 50%: max", await maxOf(w));
    saw("slashed 50%: encumbered", await encumbered());
    await mine(block + 20 - (await blockNumber()));
    saw("block before effect: encumbered", await encumbered());
    await mine(1);
    saw("at effect: current", (await allocationOf(w)).currentMagnitude);
    saw("at effect: pending", (await allocationOf(w)).pendingDiff);
    saw("at effect: encumbered (simulated)", await encumbered());
    saw("at effect: allocatable", await w.am.getAllocatableMagnitude(w.operator, strategy));
    await w.am.clearDeallocationQueue(w.operator, [strategy], [1]);
    saw("after clear: encumbered", await encumbered());
    const most = await maxOf(w);
    saw("! allocate more than free", await refusal(allocates(w, w.operator, SET, [most + 1n])));
    await allocates(w, w.operator, SET, [most]);
    saw("fully encumbered", await encumbered());
    saw("! same magnitude", await refusal(allocates(w, w.operator, SET, [most])));
  },

  rounding: async (saw) => {
    const w = await staked(WAD / 3n, 1_000_003n);
    for (let i = 1; i <= 4; ++i) {
      await slashes(w, w.operator, [WAD / 10n + 7n]);
      saw(`slash ${i}: max`, await maxOf(w));
      saw(`slash ${i}: operatorShares`, await sharesOf(w));
      saw(`slash ${i}: withdrawable`, await withdrawableOf(w, w.alice));
      saw(`slash ${i}: burn`, await burnOf(w, BigInt(i)));
      await deposits(w, w.alice, 999n);
      saw(`slash ${i}: +999 dsf`, await scalingOf(w, w.alice));
      saw(`slash ${i}: +999 withdrawable`, await withdrawableOf(w, w.alice));
      saw(`slash ${i}: +999 operatorShares`, await sharesOf(w));
    }
    saw("residue left with operator", (await sharesOf(w)) - (await withdrawableOf(w, w.alice)));
  },

  redistribution: async (saw) => {
    const eigen = ethers.getAddress("0x".padEnd(42, "e"));
    const w = await engineWorld({ config: { eigenStrategy: eigen } });
    await operates(w, w.operator, SET, [WAD / 10n]);
    await deposits(w, w.alice, ether("100"));
    await delegates(w, w.alice, w.operator);
    const create = (strategies: AddressLike[], recipient: AddressLike) => {
      const sets = [{ operatorSetId: 2n, strategies, slasher: w.avs }];
      return w.am.connect(w.avs)[CREATE_REDISTRIBUTING](w.avs, sets, [recipient]);
    };
    saw("! recipient zero", await refusal(create([w.strategies[0]], ZeroAddress)));
    saw("! recipient burn", await refusal(create([w.strategies[0]], BURN)));
    saw("! native eth strategy", await refusal(create([await w.dm.beaconChainETHStrategy()], w.recipient)));
    saw("! eigen strategy", await refusal(create([eigen], w.recipient)));
    await create([w.strategies[0]], w.recipient);
    const adding = w.am.connect(w.avs).addStrategiesToOperatorSet(w.avs, 2n, [eigen]);
    saw("! add eigen strategy later", await refusal(adding));
    saw("redistributable before register", await w.views.isOperatorRedistributable(w.operator));
    await joins(w, w.operator, [2n]);
    saw("redistributable after register", await w.views.isOperatorRedistributable(w.operator));
    await allocates(w, w.operator, 2n, [(WAD * 8n) / 10n]);
    saw("isRedistributing", await w.views.isRedistributingOperatorSet(setOf(w, 2n)));
    const [id, shares] = await returned(w, WAD / 2n, 2n);
    saw("returned slashId", id);
    saw("returned shares", shares[0]);
    for (const half of [WAD / 2n, WAD / 2n]) await slashes(w, w.operator, [half], 2n);
    saw("slash 1 shares", await burnOf(w, 1n, 2n));
    saw("slash 2 shares", await burnOf(w, 2n, 2n));
    saw("count", await w.sm.getBurnOrRedistributableCount(setOf(w, 2n), 1n));
    saw("pending ids", (await w.sm.getPendingSlashIds(setOf(w, 2n))).length);
    saw("pending sets", (await w.sm.getPendingOperatorSets()).length);
    await w.sm.clearBurnOrRedistributableShares(setOf(w, 2n), 2n);
    saw("recipient got", await w.tokens[0].balanceOf(w.recipient));
    await w.sm.clearBurnOrRedistributableShares(setOf(w, 2n), 1n);
    saw("recipient total", await w.tokens[0].balanceOf(w.recipient));
    saw("pending ids after", (await w.sm.getPendingSlashIds(setOf(w, 2n))).length);
    saw("pending sets after", (await w.sm.getPendingOperatorSets()).length);
    saw("clearing again: logs", await countOf(w.sm.clearBurnOrRedistributableShares(setOf(w, 2n), 1n)));
    saw("withdrawable", await withdrawableOf(w, w.alice));
    saw("maxMagnitude", await maxOf(w));
  },

  full_slash: async (saw) => {
    const w = await staked(WAD, ether("100"));
    const [strategy] = w.strategies;
    await deposits(w, w.alice, WAD, 1);
    await queues(w, w.alice, [ether("20")]);
    await slashes(w, w.operator, [WAD]);
    saw("maxMagnitude", await maxOf(w));
    saw("operatorShares", await sharesOf(w));
    saw("withdrawable", await withdrawableOf(w, w.alice));
    saw("deposit shares stay", await depositedBy(w, w.alice));
    saw("allocated sets", (await w.am.getAllocatedSets(w.operator)).length);
    saw("pending burn", await burnOf(w, 1n));
    saw("! deposit under a fully slashed operator", await refusal(deposits(w, w.alice, WAD)));
    await deposits(w, w.carol, WAD);
    saw("! delegate to a fully slashed operator (holding shares)", await refusal(delegates(w, w.carol, w.operator)));
    await delegates(w, w.stranger, w.operator);
    saw("delegate with no shares works", await w.dm.isDelegated(w.stranger));
    saw("! allocate after full slash", await refusal(allocates(w, w.operator, SET, [1n])));
    saw("! convertToDepositShares", await refusal(w.dm.convertToDepositShares(w.alice, [strategy], [1n])));
    const again = slashes(w, w.operator, [WAD]);
    saw("slash again: shares slashed events", await countOf(again, "OperatorSharesSlashed"));
    const soon = (await blockNumber()) + 1;
    saw("minimum slashable", (await w.am.getMinimumSlashableStake(setOf(w), [w.operator], [strategy], soon))[0][0]);
    // One withdrawal for each strategy: the slashed one, and the other one, of which nothing is lost.
    saw("undelegate queues", await countOf(w.dm.connect(w.alice).undelegate(w.alice), "SlashingWithdrawalQueued"));
    saw("dsf reset", await scalingOf(w, w.alice));
    const [withdrawals, worth] = await w.dm.getQueuedWithdrawals(w.alice);
    const ofSlashed = await strategy.getAddress();
    saw("worth", worth.filter((_, i) => withdrawals[i].strategies[0] === ofSlashed).flat());
    await mine(20);
    const held = async () => (await w.tokens[0].balanceOf(w.alice)) + (await w.tokens[1].balanceOf(w.alice));
    const before = await held();
    while ((await w.dm.getQueuedWithdrawalRoots(w.alice)).length > 0) await completes(w, w.alice);
    saw("tokens out", (await held()) - before);
    await deposits(w, w.alice, WAD);
    saw("deposit after undelegate: withdrawable", await withdrawableOf(w, w.alice));
    await operates(w, w.other);
    await delegates(w, w.alice, w.other);
    saw("with healthy operator", await withdrawableOf(w, w.alice));
  },

  queued_dust: async (saw) => {
    const w = await staked(WAD, 1_000n);
    await slashes(w, w.operator, [WAD / 3n]);
    saw("max", await maxOf(w));
    const before = await sharesOf(w);
    for (let i = 0; i < 10; ++i) await queues(w, w.alice, [1n]);
    for (let i = 0; i < 3; ++i) await queues(w, w.alice, [5n]);
    saw("shares removed from the operator by 13 queue entries", before - (await sharesOf(w)));
    const [, worth] = await w.dm.getQueuedWithdrawals(w.alice);
    saw(
      "sum promised",
      worth.flat().reduce((sum, shares) => sum + shares, 0n),
    );
    const slashable = await w.dm.getSlashableSharesInQueue(w.operator, w.strategies[0]);
    saw("slashable in queue (must not exceed the removed shares)", slashable);
    const left = await sharesOf(w);
    const slashed = await eventOf(slashes(w, w.operator, [WAD]), "OperatorSharesSlashed");
    saw("100% slash total", slashed.totalSlashedShares);
    saw("operator part", left - (await sharesOf(w)));
  },

  resolution_delay: async (saw) => {
    const w = await staked(WAD, ether("100"));
    saw("delay blocks", await w.sm.SLASH_RESOLUTION_DELAY_BLOCKS());
    await slashes(w, w.operator, [WAD / 2n]);
    const cleared = w.sm.clearBurnOrRedistributableShares(setOf(w), 1n);
    saw("clear in the next block", (await eventOf(cleared, "BurnOrRedistributableSharesDecreased")).shares);
  },

  early_chain: async (saw) => {
    const withdrawalDelay = (await blockNumber()) + 100_800;
    const now = (await ethers.provider.getBlock("latest"))?.timestamp ?? 0;
    const maxRetroactiveLength = now + 1_000_000;
    const w = await engineWorld({ withdrawalDelay, old: false, config: { rewards: { maxRetroactiveLength } } });
    await operates(w, w.operator);
    await deposits(w, w.alice, WAD);
    await delegates(w, w.alice, w.operator);
    saw("! slash while block.number <= delay", await refusal(slashes(w, w.operator, [WAD / 2n])));
    const asking = w.dm.getSlashableSharesInQueue(w.operator, w.strategies[0]);
    saw("! getSlashableSharesInQueue", await refusal(asking));
    const start = await w.rc.GENESIS_REWARDS_TIMESTAMP();
    const strategiesAndMultipliers = [{ strategy: w.strategies[0], multiplier: 1n }];
    const terms = { strategiesAndMultipliers, token: w.tokens[0], startTimestamp: start, duration: 86_400n };
    const refused = await refusal(w.rc.createAVSRewardsSubmission([{ ...terms, amount: 1n }]));
    saw("rewards need timestamp > MAX_RETROACTIVE_LENGTH", refused === "Panic(0x11)");
  },
};
