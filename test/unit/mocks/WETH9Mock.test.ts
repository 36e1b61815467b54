import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { WETH9Mock } from "../../../typechain-types";

async function wrappedEther() {
  const [alice, bob] = await ethers.getSigners();
  const weth = (await ethers.deployContract("WETH9Mock")) as unknown as WETH9Mock;
  await weth.deposit({ value: 100n });
  return { weth, alice, bob };
}

describe("WETH9Mock", () => {
  it("wraps ether, by deposit or sent plainly", async () => {
    const { weth, alice, bob } = await loadFixture(wrappedEther);
    await expect(bob.sendTransaction({ to: weth, value: 5n }))
      .to.emit(weth, "Deposit")
      .withArgs(bob, 5n);
    expect(await weth.balanceOf(alice)).to.equal(100n);
    expect(await weth.totalSupply()).to.equal(105n);
  });

  it("unwraps to the holder", async () => {
    const { weth, alice } = await loadFixture(wrappedEther);
    await expect(weth.withdraw(40n)).to.changeEtherBalance(alice, 40n);
    await expect(weth.withdraw(1n)).to.emit(weth, "Withdrawal").withArgs(alice, 1n);
    expect(await weth.balanceOf(alice)).to.equal(59n);
  });

  it("reverts beyond the balance", async () => {
    const { weth, alice } = await loadFixture(wrappedEther);
    await expect(weth.withdraw(101n))
      .to.be.revertedWithCustomError(weth, "ERC20InsufficientBalance")
      .withArgs(alice, 100n, 101n);
  });

  it("moves by allowance, which an infinite one survives", async () => {
    const { weth, alice, bob } = await loadFixture(wrappedEther);
    await weth.approve(bob, 10n);
    await weth.connect(bob).transferFrom(alice, bob, 4n);
    expect(await weth.allowance(alice, bob)).to.equal(6n);
    await expect(weth.connect(bob).transferFrom(alice, bob, 7n))
      .to.be.revertedWithCustomError(weth, "ERC20InsufficientAllowance")
      .withArgs(bob, 6n, 7n);
    await weth.approve(bob, ethers.MaxUint256);
    await weth.connect(bob).transferFrom(alice, bob, 7n);
    expect(await weth.allowance(alice, bob)).to.equal(ethers.MaxUint256);
    await weth.transfer(bob, 1n);
    expect(await weth.balanceOf(bob)).to.equal(12n);
  });
});
