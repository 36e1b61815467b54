/** The engine with one token, as the tests of strategies need it. */
import { artifacts, ethers } from "hardhat";
import { MaxUint256 } from "ethers";
import { deployEngine, type LoadArtifact } from "../../../deploy/lib/engine";
import type { DelegationManager, ERC20Mock, StrategyManager } from "../../../typechain-types";

export const DELAY = 5;

export async function engine() {
  const [owner, staker, stranger] = await ethers.getSigners();
  const artifact: LoadArtifact = (name) => artifacts.readArtifact(name);
  const addresses = await deployEngine({
    deployer: owner,
    artifact,
    config: {
      minWithdrawalDelayBlocks: DELAY,
      deallocationDelayBlocks: DELAY,
      allocationConfigurationDelayBlocks: DELAY,
      owner: owner.address,
      strategyWhitelister: owner.address,
      pausers: [owner.address],
      unpauser: owner.address,
    },
  });
  const deposits = (await ethers.getContractAt(
    "StrategyManager",
    addresses.strategyManager,
  )) as unknown as StrategyManager;
  const delegation = (await ethers.getContractAt(
    "DelegationManager",
    addresses.delegationManager,
  )) as unknown as DelegationManager;
  const token = (await ethers.deployContract("ERC20Mock", ["Token", "TKN"])) as unknown as ERC20Mock;
  await token.mint(staker, 10n ** 24n);
  await token.connect(staker).approve(deposits, MaxUint256);
  return { artifact, owner, staker, stranger, addresses, deposits, delegation, token };
}
