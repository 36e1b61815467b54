import { ethers } from "hardhat";
import { ZeroAddress, ZeroHash, type AddressLike, type BaseContract } from "ethers";
import {
  CREATE,
  CREATE_REDISTRIBUTING,
  delegates,
  deposits,
  engineWorld,
  mine,
  NO_APPROVAL,
  operates,
  queuedOf,
  queues,
  SET,
  slashes,
  WAD,
  type EngineWorld,
} from "../../../integration/engine/world";
import { itIsPausedBitByBit, type Call, type Paused } from "./matrix";

const FAR = 4_102_444_800n; // the year 2100
const CREATE_V1 = "createOperatorSets(address,(uint32,address[])[])";
const CREATE_REDISTRIBUTING_V1 = "createRedistributingOperatorSets(address,(uint32,address[])[],address[])";
const STRATEGY_MANAGER_DELAY = 3;

const when = (bits: number[], call: () => Promise<unknown>): Call => ({ bits, call });
const never = (call: () => Promise<unknown>): Call => when([], call);

/** The contract as seen from another contract, of which nobody has the key. */
const asContract = <T extends BaseContract>(contract: T): T => contract.connect(ethers.provider) as T;

/** Alice has stake with an operator and two withdrawals that can be completed; a slash waits; Bob is undelegated. */
async function busy(slashResolutionDelayBlocks = 0): Promise<EngineWorld> {
  const w = await engineWorld({ withdrawalDelay: 5, deallocationDelay: 5, config: { slashResolutionDelayBlocks } });
  await operates(w, w.operator, SET, [WAD / 2n]);
  await deposits(w, w.alice, 10_000n);
  await delegates(w, w.alice, w.operator);
  await deposits(w, w.bob, 10_000n);
  await queues(w, w.alice, [1_000n]);
  await slashes(w, w.operator, [WAD / 10n]);
  await w.dm.connect(w.other).registerAsOperator(ZeroAddress, 0, "");
  await mine(6);
  return w;
}

async function delegation(): Promise<Paused> {
  const w = await busy();
  const [dm, strategy] = [w.dm, w.strategies[0]];
  const { withdrawal, tokens } = await queuedOf(w, w.alice);
  const request = { strategies: [strategy], depositShares: [1n], __deprecated_withdrawer: ZeroAddress };
  const [operator, alice, bob, carol] = [w.operator, w.alice, w.bob, w.carol].map((who) => dm.connect(who));
  const [fromSm, fromAm] = [w.engine.strategyManager, w.engine.allocationManager].map((from) => ({ from }));
  const set = { avs: w.avs, id: SET };
  const calls: Paused["calls"] = {
    "registerAsOperator(address,uint32,string)": when([0], () =>
      carol.registerAsOperator.staticCall(ZeroAddress, 0, ""),
    ),
    "modifyOperatorDetails(address,address)": never(() =>
      operator.modifyOperatorDetails.staticCall(w.operator, w.carol),
    ),
    "updateOperatorMetadataURI(address,string)": never(() =>
      operator.updateOperatorMetadataURI.staticCall(w.operator, ""),
    ),
    "delegateTo(address,(bytes,uint256),bytes32)": when([0], () =>
      bob.delegateTo.staticCall(w.operator, NO_APPROVAL, ZeroHash),
    ),
    "undelegate(address)": when([1], () => alice.undelegate.staticCall(w.alice)),
    "redelegate(address,(bytes,uint256),bytes32)": when([0, 1], () =>
      alice.redelegate.staticCall(w.other, NO_APPROVAL, ZeroHash),
    ),
    "queueWithdrawals((address[],uint256[],address)[])": when([1], () => alice.queueWithdrawals.staticCall([request])),
    "completeQueuedWithdrawal((address,address,address,uint256,uint32,address[],uint256[]),address[],bool)": when(
      [2],
      () => alice.completeQueuedWithdrawal.staticCall(withdrawal, tokens, true),
    ),
    "completeQueuedWithdrawals((address,address,address,uint256,uint32,address[],uint256[])[],address[][],bool[])":
      when([2], () => alice.completeQueuedWithdrawals.staticCall([withdrawal], [tokens], [false])),
    "increaseDelegatedShares(address,address,uint256,uint256)": never(() =>
      asContract(dm).increaseDelegatedShares.staticCall(w.alice, strategy, 10n, 1n, fromSm),
    ),
    "slashOperatorShares(address,(address,uint32),uint256,address,uint64,uint64)": never(() =>
      asContract(dm).slashOperatorShares.staticCall(w.operator, set, 9n, strategy, WAD, WAD / 2n, fromAm),
    ),
  };
  const uncallable = { "decreaseDelegatedShares(address,uint256,uint64)": "for pods, which the engine has none of" };
  return { contract: dm, calls, uncallable };
}

/** A signature of Carol's for a deposit to her account. */
async function signedDeposit(w: EngineWorld): Promise<[string, string, bigint, string, bigint, string]> {
  const [strategy, token] = await Promise.all([w.strategies[0].getAddress(), w.tokens[0].getAddress()]);
  const types = [
    "address staker",
    "address strategy",
    "address token",
    "uint256 amount",
    "uint256 nonce",
    "uint256 expiry",
  ];
  const fields = types.map((field) => ({ type: field.split(" ")[0], name: field.split(" ")[1] }));
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "EigenLayer", version: "1", chainId, verifyingContract: w.engine.strategyManager };
  const message = { staker: w.carol.address, strategy, token, amount: 5n, nonce: 0n, expiry: FAR };
  const signature = await w.carol.signTypedData(domain, { Deposit: fields }, message);
  return [strategy, token, 5n, w.carol.address, FAR, signature];
}

async function deposit(resolutionDelay: number): Promise<Paused> {
  const w = await busy(resolutionDelay);
  const [sm, strategy, token] = [w.sm, w.strategies[0], w.tokens[0]];
  const set = { avs: w.avs, id: SET };
  const clearing = resolutionDelay === 0 ? [] : [1];
  const signed = await signedDeposit(w);
  const [alice, ours] = [sm.connect(w.alice), { from: w.engine.delegationManager }];
  const inside = asContract(sm);
  const calls: Paused["calls"] = {
    "depositIntoStrategy(address,address,uint256)": when([0], () =>
      alice.depositIntoStrategy.staticCall(strategy, token, 5n),
    ),
    "depositIntoStrategyWithSignature(address,address,uint256,address,uint256,bytes)": when([0], () =>
      alice.depositIntoStrategyWithSignature.staticCall(...signed),
    ),
    "clearBurnOrRedistributableShares((address,uint32),uint256)": when(clearing, () =>
      sm.clearBurnOrRedistributableShares.staticCall(set, 1n),
    ),
    "clearBurnOrRedistributableSharesByStrategy((address,uint32),uint256,address)": when(clearing, () =>
      sm.clearBurnOrRedistributableSharesByStrategy.staticCall(set, 1n, strategy),
    ),
    "burnShares(address)": when(clearing, () => sm.burnShares.staticCall(strategy)),
    "setStrategyWhitelister(address)": never(() => sm.setStrategyWhitelister.staticCall(w.bob)),
    "addStrategiesToDepositWhitelist(address[])": never(() =>
      sm.addStrategiesToDepositWhitelist.staticCall([strategy]),
    ),
    "removeStrategiesFromDepositWhitelist(address[])": never(() =>
      sm.removeStrategiesFromDepositWhitelist.staticCall([strategy]),
    ),
    "addShares(address,address,uint256)": never(() => inside.addShares.staticCall(w.bob, strategy, 1n, ours)),
    "removeDepositShares(address,address,uint256)": never(() =>
      inside.removeDepositShares.staticCall(w.bob, strategy, 1n, ours),
    ),
    "withdrawSharesAsTokens(address,address,address,uint256)": never(() =>
      inside.withdrawSharesAsTokens.staticCall(w.bob, strategy, token, 1n, ours),
    ),
    "increaseBurnOrRedistributableShares((address,uint32),uint256,address,uint256)": never(() =>
      inside.increaseBurnOrRedistributableShares.staticCall(set, 9n, strategy, 1n, ours),
    ),
    "transferOwnership(address)": never(() => sm.transferOwnership.staticCall(w.bob)),
    "renounceOwnership()": never(() => sm.renounceOwnership.staticCall()),
  };
  return { contract: sm, calls };
}

const depositAtOnce = () => deposit(0);
const depositWithDelay = () => deposit(STRATEGY_MANAGER_DELAY);

async function allocation(): Promise<Paused> {
  const w = await busy();
  const am = w.am.connect(w.avs);
  const operator = w.am.connect(w.operator);
  const [strategy] = w.strategies;
  const set = { avs: w.avs, id: SET };
  await am[CREATE](w.avs, [{ operatorSetId: 2n, strategies: [], slasher: w.avs }]);
  const params = (strategies: AddressLike[] = []) => ({ operatorSetId: 3n, strategies, slasher: w.avs });
  const change = { operatorSet: set, strategies: [strategy], newMagnitudes: [1n] };
  const wads = { strategies: [strategy], wadsToSlash: [1n], description: "" };
  const joining = { avs: w.avs, operatorSetIds: [2n], data: "0x" };
  const calls: Paused["calls"] = {
    "modifyAllocations(address,((address,uint32),address[],uint64[])[])": when([0], () =>
      operator.modifyAllocations.staticCall(w.operator, [change]),
    ),
    "clearDeallocationQueue(address,address[],uint16[])": when([0], () =>
      am.clearDeallocationQueue.staticCall(w.operator, [strategy], [1]),
    ),
    "slashOperator(address,(address,uint32,address[],uint256[],string))": when([1], () =>
      am.slashOperator.staticCall(w.avs, { operator: w.operator, operatorSetId: SET, ...wads }),
    ),
    "registerForOperatorSets(address,(address,uint32[],bytes))": when([2], () =>
      operator.registerForOperatorSets.staticCall(w.operator, joining),
    ),
    "deregisterFromOperatorSets((address,address,uint32[]))": when([2], () =>
      operator.deregisterFromOperatorSets.staticCall({ operator: w.operator, avs: w.avs, operatorSetIds: [SET] }),
    ),
    "setAllocationDelay(address,uint32)": never(() => operator.setAllocationDelay.staticCall(w.operator, 1n)),
    "setAVSRegistrar(address,address)": never(() => am.setAVSRegistrar.staticCall(w.avs, w.registrar)),
    "updateAVSMetadataURI(address,string)": never(() => am.updateAVSMetadataURI.staticCall(w.avs, "")),
    [CREATE_V1]: never(() => am[CREATE_V1].staticCall(w.avs, [params()])),
    [CREATE]: never(() => am[CREATE].staticCall(w.avs, [params()])),
    [CREATE_REDISTRIBUTING_V1]: never(() => am[CREATE_REDISTRIBUTING_V1].staticCall(w.avs, [params()], [w.recipient])),
    [CREATE_REDISTRIBUTING]: never(() => am[CREATE_REDISTRIBUTING].staticCall(w.avs, [params()], [w.recipient])),
    "addStrategiesToOperatorSet(address,uint32,address[])": never(() =>
      am.addStrategiesToOperatorSet.staticCall(w.avs, 2n, [strategy]),
    ),
    "removeStrategiesFromOperatorSet(address,uint32,address[])": never(() =>
      am.removeStrategiesFromOperatorSet.staticCall(w.avs, SET, [strategy]),
    ),
    "updateSlasher((address,uint32),address)": never(() => am.updateSlasher.staticCall(set, w.bob)),
    "migrateSlashers((address,uint32)[])": never(() => am.migrateSlashers.staticCall([set])),
  };
  return { contract: w.am, calls };
}

describe("pausing the DelegationManager", () => itIsPausedBitByBit([0, 1, 2], delegation));
describe("pausing the StrategyManager", () => itIsPausedBitByBit([0], depositAtOnce));
describe("pausing the StrategyManager with a resolution delay", () => itIsPausedBitByBit([0, 1], depositWithDelay));
describe("pausing the AllocationManager", () => itIsPausedBitByBit([0, 1, 2], allocation));
