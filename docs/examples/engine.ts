import { readFileSync } from "node:fs";
import { ethers } from "hardhat";
import type { Kit } from "../../scripts/lib/kit";
import {
  DelegationManager__factory,
  ERC20Mock__factory,
  IAllocationManager__factory,
  StrategyManager__factory,
  type IDelegationManager,
} from "../../typechain-types";

const WAD = 10n ** 18n; // the whole
const NOBODY = ethers.ZeroAddress;

export async function example(kit: Kit): Promise<bigint> {
  const [deployer, operator, avs, staker] = await ethers.getSigners();
  const token = ERC20Mock__factory.connect(kit.token, deployer);
  const strategies = StrategyManager__factory.connect(kit.strategyManager, deployer);
  const delegation = DelegationManager__factory.connect(kit.delegationManager, deployer);
  const allocation = IAllocationManager__factory.connect(kit.allocationManager, deployer);
  const set = { avs: avs.address, id: 1 };
  const mine = (blocks: number) => ethers.provider.send("hardhat_mine", [ethers.toQuantity(blocks)]);

  // An operator, and an AVS with a set that may slash one strategy. The AVS is its own slasher.
  await (await delegation.connect(operator).registerAsOperator(NOBODY, 0, "ipfs://operator")).wait();
  await (await allocation.connect(avs).updateAVSMetadataURI(avs, "ipfs://avs")).wait();
  await (await allocation.connect(avs).setAVSRegistrar(avs, kit.registrar)).wait();
  const create = allocation.connect(avs)["createOperatorSets(address,(uint32,address[],address)[])"];
  await (await create(avs, [{ operatorSetId: 1, strategies: [kit.strategy], slasher: avs }])).wait();

  // A staker deposits 100 tokens and delegates them. It approves the StrategyManager, never the strategy.
  await (await token.mint(staker, 100n * WAD)).wait();
  await (await token.connect(staker).approve(strategies, 100n * WAD)).wait();
  await (await strategies.connect(staker).depositIntoStrategy(kit.strategy, token, 100n * WAD)).wait();
  const approval = { signature: "0x", expiry: 0n }; // the operator has no approver
  await (await delegation.connect(staker).delegateTo(operator, approval, ethers.ZeroHash)).wait();

  // The operator joins the set and puts half of its stake at risk. The AVS slashes a fifth of that half.
  const joining = { avs, operatorSetIds: [1], data: "0x" };
  await (await allocation.connect(operator).registerForOperatorSets(operator, joining)).wait();
  const half = [{ operatorSet: set, strategies: [kit.strategy], newMagnitudes: [WAD / 2n] }];
  await (await allocation.connect(operator).modifyAllocations(operator, half)).wait();
  await mine(11); // a chain younger than the withdrawal delay cannot slash
  const fifth = { operator, operatorSetId: 1, strategies: [kit.strategy], wadsToSlash: [WAD / 5n] };
  await (await allocation.connect(avs).slashOperator(avs, { ...fifth, description: "was late" })).wait();

  // The staker queues all its deposit shares, waits out the delay of 10 blocks, and gets 90 tokens.
  const shares = await strategies.stakerDepositShares(staker, kit.strategy);
  const request = { strategies: [kit.strategy], depositShares: [shares], __deprecated_withdrawer: NOBODY };
  await (await delegation.connect(staker).queueWithdrawals([request])).wait();
  await mine(10);
  const [withdrawals] = await delegation.getQueuedWithdrawals(staker);
  const { nonce, startBlock, scaledShares, delegatedTo } = withdrawals[0];
  const withdrawal: IDelegationManager.WithdrawalStruct = {
    staker,
    delegatedTo,
    withdrawer: staker,
    nonce,
    startBlock,
    strategies: [kit.strategy],
    scaledShares: [...scaledShares],
  };
  await (await delegation.connect(staker).completeQueuedWithdrawal(withdrawal, [kit.token], true)).wait();
  return token.balanceOf(staker);
}

if (require.main === module) {
  const kit = JSON.parse(readFileSync("cache/engine.json", "utf8")) as Kit;
  void example(kit).then((balance) => console.log(`the staker has ${ethers.formatEther(balance)} tokens again`));
}
