import { ethers } from "hardhat";
import { NO_APPROVAL, start } from "../../scripts/engine/kit";

const NOBODY = ethers.ZeroAddress;
const CREATE = "createOperatorSets(address,(uint32,address[],address)[])"; // one of two of that name
const tokens = ethers.parseEther("100");
const [half, fifth] = [ethers.parseEther("0.5"), ethers.parseEther("0.2")]; // 10^18 is the whole

export async function example(): Promise<bigint> {
  const { strategies, delegation, allocation, token, strategy, registrar, fund, mine, queued } = await start();
  const [, operator, avs, staker] = await ethers.getSigners();

  // An operator, and an AVS with a set that may slash one strategy. The AVS is its own slasher.
  await delegation.connect(operator).registerAsOperator(NOBODY, 0, "ipfs://operator");
  await allocation.connect(avs).updateAVSMetadataURI(avs, "ipfs://avs");
  await allocation.connect(avs).setAVSRegistrar(avs, registrar);
  await allocation.connect(avs)[CREATE](avs, [{ operatorSetId: 1, strategies: [strategy], slasher: avs }]);

  // A staker deposits 100 tokens and delegates them.
  await fund(staker, tokens);
  await strategies.connect(staker).depositIntoStrategy(strategy, token, tokens);
  await delegation.connect(staker).delegateTo(operator, NO_APPROVAL, ethers.ZeroHash);

  // The operator joins the set and puts half of its stake at risk. The AVS slashes a fifth of that half.
  await allocation.connect(operator).registerForOperatorSets(operator, { avs, operatorSetIds: [1], data: "0x" });
  const risk = { operatorSet: { avs, id: 1 }, strategies: [strategy], newMagnitudes: [half] };
  await allocation.connect(operator).modifyAllocations(operator, [risk]);
  const slash = { operator, operatorSetId: 1, strategies: [strategy], wadsToSlash: [fifth], description: "was late" };
  await allocation.connect(avs).slashOperator(avs, slash);

  // The staker queues its deposit shares, one for each token it brought, waits out the delay, and gets 90 tokens.
  const leaving = { strategies: [strategy], depositShares: [tokens], __deprecated_withdrawer: NOBODY };
  await delegation.connect(staker).queueWithdrawals([leaving]);
  await mine(10);
  const [withdrawal] = await queued(staker);
  await delegation.connect(staker).completeQueuedWithdrawal(withdrawal, [token], true);
  return token.balanceOf(staker);
}

if (require.main === module) {
  void example().then((balance) => console.log(`the staker has ${ethers.formatEther(balance)} tokens again`));
}
