import { artifacts, ethers } from "hardhat";
import type { AddressLike, InterfaceAbi } from "ethers";
import {
  DelegationManager__factory,
  ERC20Mock__factory,
  IAllocationManager__factory,
  StrategyManager__factory,
  type IDelegationManager,
} from "../../typechain-types";
import { deployKit, WITHDRAWAL_DELAY, type Kit } from "./deploy";

/** An engine on a local node. Every function of it is called on its contracts; the rest only spares typing. */
export type Engine = ReturnType<typeof connect>;

/** What `delegateTo` asks for when the operator has no approver. */
export const NO_APPROVAL = { signature: "0x", expiry: 0n };

/**
 * Deploys a new engine on the network of this run, with a test token, its strategy and a registrar that lets everybody in,
 * and mines past the withdrawal delay: on a younger chain nothing can be slashed.
 */
export async function start(): Promise<Engine> {
  const [deployer] = await ethers.getSigners();
  const kit = await deployKit(deployer, async (name) => {
    const { abi, bytecode } = await artifacts.readArtifact(name);
    return { abi: abi as InterfaceAbi, bytecode };
  });
  const engine = connect(kit);
  await engine.mine(WITHDRAWAL_DELAY + 1);
  return engine;
}

/** The contracts of an engine that is there already: `npm run engine` writes their addresses to cache/engine.json. */
export function connect(kit: Kit) {
  const strategies = StrategyManager__factory.connect(kit.strategyManager, ethers.provider);
  const delegation = DelegationManager__factory.connect(kit.delegationManager, ethers.provider);
  const allocation = IAllocationManager__factory.connect(kit.allocationManager, ethers.provider);
  const token = ERC20Mock__factory.connect(kit.token, ethers.provider);
  return {
    ...{ kit, strategies, delegation, allocation, token },
    strategy: kit.strategy,
    registrar: kit.registrar,

    /** Mines blocks: the engine's delays are counted in them. */
    mine: (blocks: number) => ethers.provider.send("hardhat_mine", [ethers.toQuantity(blocks)]),

    /** Mints test tokens for an account and approves them to the StrategyManager, which takes the deposits. */
    fund: async (account: AddressLike, amount: bigint): Promise<void> => {
      const signer = await ethers.getSigner(await ethers.resolveAddress(account));
      await token.connect(signer).mint(signer, amount);
      await token.connect(signer).approve(strategies, amount);
    },

    /** An account's queued withdrawals, as `completeQueuedWithdrawal` takes them. */
    queued: async (staker: AddressLike): Promise<IDelegationManager.WithdrawalStruct[]> => {
      const [withdrawals] = await delegation.getQueuedWithdrawals(staker);
      return withdrawals.map((w) => ({
        staker: w.staker,
        delegatedTo: w.delegatedTo,
        withdrawer: w.withdrawer,
        nonce: w.nonce,
        startBlock: w.startBlock,
        strategies: [...w.strategies],
        scaledShares: [...w.scaledShares],
      }));
    },
  };
}
