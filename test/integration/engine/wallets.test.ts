import { expect } from "chai";
import { ethers } from "hardhat";
import { ZeroAddress, ZeroHash } from "ethers";
import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { SmartWalletMock__factory } from "../../../typechain-types";
import { engineWorld, ether, make, withdrawableOf, type EngineWorld } from "./world";

const EXPIRY = 2n ** 40n;

/** Carol's account is a contract that signs with her key. */
async function wallet() {
  const w = await engineWorld();
  return { ...w, wallet: SmartWalletMock__factory.connect(await make("SmartWalletMock", [w.carol.address]), w.carol) };
}

const domain = (verifyingContract: string) => ({
  name: "EigenLayer",
  version: "1",
  chainId: 31_337n,
  verifyingContract,
});

/** Carol's signature for a deposit in the name of her wallet, paid by Alice. */
async function depositSignature(w: EngineWorld, staker: string, signer: EngineWorld["carol"]) {
  const fields = {
    staker,
    strategy: await w.strategies[0].getAddress(),
    token: await w.tokens[0].getAddress(),
    amount: ether("5"),
    nonce: await w.sm.nonces(staker),
    expiry: EXPIRY,
  };
  const types = {
    Deposit: [
      { name: "staker", type: "address" },
      { name: "strategy", type: "address" },
      { name: "token", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "expiry", type: "uint256" },
    ],
  };
  return signer.signTypedData(domain(await w.sm.getAddress()), types, fields);
}

async function approval(w: EngineWorld, approver: string, staker: string, salt: string) {
  const types = {
    DelegationApproval: [
      { name: "delegationApprover", type: "address" },
      { name: "staker", type: "address" },
      { name: "operator", type: "address" },
      { name: "salt", type: "bytes32" },
      { name: "expiry", type: "uint256" },
    ],
  };
  const fields = { delegationApprover: approver, staker, operator: w.operator.address, salt, expiry: EXPIRY };
  return w.carol.signTypedData(domain(await w.dm.getAddress()), types, fields);
}

describe("accounts that are contracts", () => {
  it("take deposits that they signed, once", async () => {
    const w = await loadFixture(wallet);
    const signature = await depositSignature(w, await w.wallet.getAddress(), w.carol);
    const deposit = () =>
      w.sm
        .connect(w.alice)
        .depositIntoStrategyWithSignature(w.strategies[0], w.tokens[0], ether("5"), w.wallet, EXPIRY, signature);
    await deposit();
    expect(await w.sm.stakerDepositShares(w.wallet, w.strategies[0])).to.equal(ether("5"));
    await expect(deposit()).to.be.revertedWithCustomError(w.sm, "InvalidSignature"); // the nonce has moved
  });

  it("take no deposit that another signed, nor one without a signature function", async () => {
    const w = await loadFixture(wallet);
    const staker = await w.wallet.getAddress();
    const forged = await depositSignature(w, staker, w.bob);
    for (const account of [staker, await w.registrar.getAddress()]) {
      const deposit = w.sm
        .connect(w.alice)
        .depositIntoStrategyWithSignature(w.strategies[0], w.tokens[0], ether("5"), account, EXPIRY, forged);
      await expect(deposit).to.be.revertedWithCustomError(w.sm, "InvalidSignature");
    }
  });

  it("approve delegations as an operator's approver, with each salt once", async () => {
    const w = await loadFixture(wallet);
    const approver = await w.wallet.getAddress();
    await w.dm.connect(w.operator).registerAsOperator(approver, 0, "");
    const signature = await approval(w, approver, w.alice.address, ZeroHash);
    const forBob = w.dm.connect(w.bob).delegateTo(w.operator, { signature, expiry: EXPIRY }, ZeroHash);
    await expect(forBob).to.be.revertedWithCustomError(w.dm, "InvalidSignature");
    await w.dm.connect(w.alice).delegateTo(w.operator, { signature, expiry: EXPIRY }, ZeroHash);
    expect(await w.dm.delegatedTo(w.alice)).to.equal(w.operator.address);
    const again = w.dm.connect(w.bob).delegateTo(w.operator, { signature, expiry: EXPIRY }, ZeroHash);
    await expect(again).to.be.revertedWithCustomError(w.dm, "SaltSpent");
  });

  it("stake, delegate and leave like anyone else", async () => {
    const w = await loadFixture(wallet);
    await w.dm.connect(w.operator).registerAsOperator(ZeroAddress, 0, "");
    await w.tokens[0].mint(w.wallet, ether("3"));
    const calls: [string, string][] = [
      [
        await w.tokens[0].getAddress(),
        w.tokens[0].interface.encodeFunctionData("approve", [w.engine.strategyManager, ether("3")]),
      ],
      [
        w.engine.strategyManager,
        w.sm.interface.encodeFunctionData("depositIntoStrategy", [
          await w.strategies[0].getAddress(),
          await w.tokens[0].getAddress(),
          ether("3"),
        ]),
      ],
      [
        w.engine.delegationManager,
        w.dm.interface.encodeFunctionData("delegateTo", [
          w.operator.address,
          { signature: "0x", expiry: 0n },
          ZeroHash,
        ]),
      ],
    ];
    for (const [target, data] of calls) await w.wallet.execute(target, data);
    expect((await w.dm.getWithdrawableShares(w.wallet, [w.strategies[0]]))[0]).to.deep.equal([ether("3")]);
    const undelegate = w.dm.interface.encodeFunctionData("undelegate", [await w.wallet.getAddress()]);
    await w.wallet.execute(w.engine.delegationManager, undelegate);
    expect(await w.dm.getQueuedWithdrawalRoots(w.wallet)).to.have.lengthOf(1);
    expect(await withdrawableOf(w, ethers.Wallet.createRandom(ethers.provider))).to.equal(0n);
  });
});
