/** Delegation: signatures, forced ends, what is queued, and withdrawals completed as shares of somebody else. */
import { ethers } from "hardhat";
import { AbiCoder, keccak256, TypedDataEncoder, ZeroAddress, ZeroHash, type AddressLike } from "ethers";
import {
  completes,
  delegates,
  deposits,
  engineWorld,
  ether,
  mine,
  NO_APPROVAL,
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
  countOf,
  depositedBy,
  eventNames,
  scalingOf,
  sharesOf,
  status,
  type Account,
  type Saw,
  type Scenarios,
} from "./scenario";

const FAR = 4_102_444_800n; // the year 2100
const SALT = ethers.id("salt");
const WITHDRAWAL = "tuple(address,address,address,uint256,uint32,address[],uint256[])";
const APPROVAL_TYPE = {
  DelegationApproval: [
    { name: "delegationApprover", type: "address" },
    { name: "staker", type: "address" },
    { name: "operator", type: "address" },
    { name: "salt", type: "bytes32" },
    { name: "expiry", type: "uint256" },
  ],
};
const DEPOSIT_TYPE = {
  Deposit: [
    { name: "staker", type: "address" },
    { name: "strategy", type: "address" },
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
};

async function domainOf(contract: { getAddress(): Promise<string> }) {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: "EigenLayer", version: "1", chainId, verifyingContract: await contract.getAddress() };
}

/* AS SHARES */

/** Alice's 100 under an operator slashed to 0.8, and another operator slashed to 0.7. */
async function underSlashed(): Promise<EngineWorld> {
  const w = await engineWorld();
  await operates(w, w.operator);
  await operates(w, w.other);
  await deposits(w, w.alice, ether("100"));
  await delegates(w, w.alice, w.operator);
  await slashes(w, w.operator, [WAD / 5n]);
  await slashes(w, w.other, [(WAD * 3n) / 10n]);
  return w;
}

async function redelegated(w: EngineWorld, saw: Saw): Promise<void> {
  saw("withdrawable under op3 (m=.8)", await withdrawableOf(w, w.alice));
  await w.dm.connect(w.alice).redelegate(w.other, NO_APPROVAL, ZeroHash);
  saw("delegatedTo new at once", (await w.dm.delegatedTo(w.alice)) === w.other.address);
  saw("shares of new op", await sharesOf(w, w.other));
  saw("withdrawable now", await withdrawableOf(w, w.alice));
  const { withdrawal } = await queuedOf(w, w.alice);
  saw("withdrawal.delegatedTo is old", withdrawal.delegatedTo === w.operator.address);
  saw("scaled", withdrawal.scaledShares[0]);
  await mine(20);
  await completes(w, w.alice, false);
  saw("as shares: depositShares", await depositedBy(w, w.alice));
  saw("as shares: dsf", await scalingOf(w, w.alice));
  saw("as shares: withdrawable", await withdrawableOf(w, w.alice));
  saw("as shares: new op shares", await sharesOf(w, w.other));
}

async function undelegated(w: EngineWorld, saw: Saw): Promise<void> {
  await w.dm.connect(w.alice).undelegate(w.alice);
  await mine(20);
  await completes(w, w.alice, false);
  saw("undelegated, as shares: depositShares", await depositedBy(w, w.alice));
  saw("undelegated dsf", await scalingOf(w, w.alice));
  saw("undelegated withdrawable", await withdrawableOf(w, w.alice));
  await queues(w, w.alice, [ether("10")]);
  const { withdrawal } = await queuedOf(w, w.alice);
  saw("undelegated queue: delegatedTo zero", withdrawal.delegatedTo === ZeroAddress);
  await operates(w, w.bob);
  await delegates(w, w.alice, w.bob);
  await slashes(w, w.bob, [WAD]);
  await mine(20);
  saw("! as shares into a fully slashed operator", await refusal(completes(w, w.alice, false)));
  const before = await w.tokens[0].balanceOf(w.alice);
  await completes(w, w.alice);
  saw("as tokens still works", (await w.tokens[0].balanceOf(w.alice)) - before);
}

/* RULES */

/** Delegates with the signature of somebody who is asked to approve. */
async function approved(w: EngineWorld, staker: Account, signer: Account, expiry = FAR) {
  const message = {
    delegationApprover: w.carol.address,
    staker: staker.address,
    operator: w.operator.address,
    salt: SALT,
    expiry,
  };
  const signature = await signer.signTypedData(await domainOf(w.dm), APPROVAL_TYPE, message);
  return w.dm.connect(staker).delegateTo(w.operator, { signature, expiry }, SALT);
}

/** The operator's approver is Carol. */
async function approvals(w: EngineWorld, saw: Saw): Promise<void> {
  await w.dm.connect(w.operator).registerAsOperator(w.carol, 0, "");
  const registering = w.dm.connect(w.operator).registerAsOperator(ZeroAddress, 0, "");
  saw("! register twice", await refusal(registering));
  saw("! delegate to non operator", await refusal(delegates(w, w.alice, w.bob)));
  saw("! approver signature missing (expiry 0)", await refusal(delegates(w, w.alice, w.operator)));
  saw("! bad signature", await refusal(approved(w, w.alice, w.stranger)));
  const [approver, staker, operator] = [w.carol.address, w.alice.address, w.operator.address];
  const message = { delegationApprover: approver, staker, operator, salt: SALT, expiry: FAR };
  const digest = TypedDataEncoder.hash(await domainOf(w.dm), APPROVAL_TYPE, message);
  const found = await w.dm.calculateDelegationApprovalDigestHash(staker, operator, approver, SALT, FAR);
  saw('digest equals EIP-712 with version "1"', found === digest);
  const domain = TypedDataEncoder.hashDomain(await domainOf(w.dm));
  saw("domainSeparator", (await w.dm.domainSeparator()) === domain);
  await approved(w, w.alice, w.carol);
  saw("salt spent", await w.dm.delegationApproverSaltIsSpent(approver, SALT));
  saw("! delegate while delegated", await refusal(delegates(w, w.alice, w.operator)));
  saw("! salt reuse", await refusal(approved(w, w.bob, w.carol)));
  const becoming = w.dm.connect(w.alice).registerAsOperator(ZeroAddress, 0, "");
  saw("! register as operator while delegated", await refusal(becoming));
}

async function forcedEnds(w: EngineWorld, saw: Saw): Promise<void> {
  const undelegate = (as: Account, staker: Account) => w.dm.connect(as).undelegate(staker);
  saw("! operator undelegates itself", await refusal(undelegate(w.operator, w.operator)));
  saw("! undelegate by stranger", await refusal(undelegate(w.stranger, w.alice)));
  saw("! undelegate the undelegated", await refusal(undelegate(w.bob, w.bob)));
  await deposits(w, w.alice, ether("4"));
  const events = await eventNames(undelegate(w.carol, w.alice), ",");
  saw("forced undelegation by approver: events", events);
  const { withdrawal } = await queuedOf(w, w.alice);
  saw("withdrawer stays the staker", withdrawal.withdrawer === w.alice.address);
  await w.dm.connect(w.operator).modifyOperatorDetails(w.operator, ZeroAddress);
  await delegates(w, w.bob, w.operator);
  saw("operator itself may force", await status(undelegate(w.operator, w.bob)));
}

async function queueing(w: EngineWorld, saw: Saw): Promise<void> {
  const queue = (strategies: AddressLike[], depositShares: bigint[], withdrawer: AddressLike = ZeroAddress) =>
    w.dm.connect(w.bob).queueWithdrawals([{ strategies, depositShares, __deprecated_withdrawer: withdrawer }]);
  const [strategy] = w.strategies;
  saw("! queue zero strategies", await refusal(queue([], [])));
  saw("! queue mismatched", await refusal(queue([strategy], [])));
  saw("! queue 0 shares", await refusal(queue([strategy], [0n])));
  saw("queue [] is a no-op", await countOf(w.dm.connect(w.bob).queueWithdrawals([])));
  const [dm, sm] = [w.dm.connect(w.stranger), w.sm.connect(w.stranger)];
  saw("! increaseDelegatedShares by stranger", await refusal(dm.increaseDelegatedShares(w.bob, strategy, 0n, 1n)));
  const set = { avs: w.avs, id: SET };
  const slashing = dm.slashOperatorShares(w.operator, set, 1n, strategy, WAD, 0n);
  saw("! slashOperatorShares by stranger", await refusal(slashing));
  saw("! sm.addShares by stranger", await refusal(sm.addShares(w.bob, strategy, 1n)));

  await deposits(w, w.bob, ether("7"));
  await deposits(w, w.bob, 5_000_000n, 1);
  await queue([...w.strategies], [ether("7"), 5_000_000n], w.stranger);
  const { withdrawal, tokens } = await queuedOf(w, w.bob);
  saw("withdrawer field ignored", withdrawal.withdrawer === w.bob.address);
  const { staker, delegatedTo, withdrawer, nonce, startBlock, strategies, scaledShares } = withdrawal;
  const inOrder = [staker, delegatedTo, withdrawer, nonce, startBlock, strategies, scaledShares];
  const root = keccak256(AbiCoder.defaultAbiCoder().encode([WITHDRAWAL], [inOrder]));
  const pending = await w.dm.pendingWithdrawals(root);
  saw(
    "calculateWithdrawalRoot = keccak(abi.encode)",
    pending && (await w.dm.calculateWithdrawalRoot(withdrawal)) === root,
  );
  saw("nonce", nonce);
  saw("cumulative", await w.dm.cumulativeWithdrawalsQueued(w.bob));
  await mine(20);
  const held = async () => (await w.tokens[0].balanceOf(w.bob)) + (await w.tokens[1].balanceOf(w.bob));
  const before = await held();
  const swapped = w.dm.connect(w.bob).completeQueuedWithdrawal(withdrawal, [...tokens].reverse(), true);
  saw("! wrong token on completion", await refusal(swapped));
  await completes(w, w.bob);
  saw("both tokens", (await held()) - before);
}

async function depositForAnother(w: EngineWorld, saw: Saw): Promise<void> {
  const [strategy, token] = [w.strategies[0], w.tokens[0]];
  const [amount, staker] = [ether("3"), w.stranger];
  const message = {
    staker: staker.address,
    strategy: await strategy.getAddress(),
    token: await token.getAddress(),
    amount,
    nonce: 0n,
    expiry: FAR,
  };
  const signature = await staker.signTypedData(await domainOf(w.sm), DEPOSIT_TYPE, message);
  await w.sm.connect(w.bob).depositIntoStrategyWithSignature(strategy, token, amount, staker, FAR, signature);
  saw("deposited for 8", await depositedBy(w, staker));
  saw("nonce used", await w.sm.nonces(staker));
}

export const DELEGATION_SCENARIOS: Scenarios = {
  complete_as_shares: async (saw) => {
    const w = await underSlashed();
    await redelegated(w, saw);
    await undelegated(w, saw);
  },

  delegation_rules: async (saw) => {
    const w = await engineWorld();
    await approvals(w, saw);
    await forcedEnds(w, saw);
    await queueing(w, saw);
    await depositForAnother(w, saw);
  },
};
