import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { Signature, Wallet } from "ethers";
import { artifacts, ethers } from "hardhat";
import { as, ether, WAD } from "../../checks";
import { deployed } from "../../world";

async function token() {
  const world = await loadFixture(deployed);
  const [alice, bob] = [await world.person(0), await world.person(1)];
  await world.depositEther(alice, ether("5"));
  return {
    world,
    alice,
    bob,
    trEth: world.c.trEth,
    pool: await as(world.c.pool),
    queue: world.ctx.address("WithdrawalQueue"),
  };
}

describe("TrEth", () => {
  it("is called trETH, has 18 decimals and knows who mints and whose shares burn", async () => {
    const { world, trEth, queue } = await token();
    expect(await trEth.name()).to.equal("Trellis Restaked Ether");
    expect(await trEth.symbol()).to.equal("trETH");
    expect(await trEth.decimals()).to.equal(18n);
    expect(await trEth.POOL()).to.equal(world.ctx.address("DepositPool"));
    expect(await trEth.QUEUE()).to.equal(queue);
  });

  it("is minted by the pool alone", async () => {
    const { world, trEth, alice, pool } = await token();
    await expect(trEth.connect(alice).mint(alice, WAD))
      .to.be.revertedWithCustomError(trEth, "OnlyPool")
      .withArgs(alice, world.ctx.address("DepositPool"));
    await trEth.connect(pool).mint(alice, WAD);
    expect(await trEth.balanceOf(alice)).to.equal(ether("6"));
  });

  it("is burnt by the pool alone, and only where it lies in the line", async () => {
    const { world, trEth, alice, pool, queue } = await token();
    await trEth.connect(alice).transfer(queue, WAD);
    await expect(trEth.connect(alice).burn(queue, WAD))
      .to.be.revertedWithCustomError(trEth, "OnlyPool")
      .withArgs(alice, world.ctx.address("DepositPool"));
    await expect(trEth.connect(pool).burn(alice, 1n))
      .to.be.revertedWithCustomError(trEth, "OnlyFromQueue")
      .withArgs(alice, queue);
    await trEth.connect(pool).burn(queue, WAD);
    expect(await trEth.balanceOf(queue)).to.equal(0n);
    expect(await trEth.totalSupply()).to.equal(ether("4.01"));
  });

  it("moves by a signed permit until its deadline, once", async () => {
    const { world, trEth, bob } = await token();
    const owner = new Wallet(ethers.id("a holder"), ethers.provider);
    const deadline = BigInt(await time.latest()) + 1_000n;
    const domain = {
      name: "Trellis Restaked Ether",
      version: "1",
      chainId: (await ethers.provider.getNetwork()).chainId,
      verifyingContract: await trEth.getAddress(),
    };
    const fields = ["owner", "spender", "value", "nonce", "deadline"].map((name) => ({
      name,
      type: name === "owner" || name === "spender" ? "address" : "uint256",
    }));
    const message = { owner: owner.address, spender: await bob.getAddress(), value: WAD, nonce: 0n, deadline };
    const { v, r, s } = Signature.from(await owner.signTypedData(domain, { Permit: fields }, message));
    const permit = () => trEth.connect(world.keeper).permit(owner.address, bob, WAD, deadline, v, r, s);
    await permit();
    expect(await trEth.allowance(owner.address, bob)).to.equal(WAD);
    expect(await trEth.nonces(owner.address)).to.equal(1n);
    await expect(permit()).to.be.revertedWithCustomError(trEth, "ERC2612InvalidSigner");
    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(permit()).to.be.revertedWithCustomError(trEth, "ERC2612ExpiredSignature").withArgs(deadline);
  });

  it("has no proxy, no pause, no blocklist: nothing but ERC-20, permit, and the pool's two functions", async () => {
    const { world, trEth } = await token();
    const commands: string[] = [];
    trEth.interface.forEachFunction((fn) => {
      if (fn.stateMutability !== "view" && fn.stateMutability !== "pure") commands.push(fn.format("sighash"));
    });
    expect(commands.sort()).to.deep.equal([
      "approve(address,uint256)",
      "burn(address,uint256)",
      "mint(address,uint256)",
      "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
      "transfer(address,uint256)",
      "transferFrom(address,address,uint256)",
    ]);
    // The code at its address is its own: what the compiler made, but for the immutables, and nothing to upgrade it by.
    const address = world.ctx.address("TrEth");
    const { deployedBytecode } = await artifacts.readArtifact("TrEth");
    const code = await ethers.provider.getCode(address);
    expect(code).to.have.length(deployedBytecode.length);
    const [implementation, beacon] = ["eip1967.proxy.implementation", "eip1967.proxy.beacon"];
    for (const name of [implementation, beacon]) {
      const slot = ethers.toBeHex(BigInt(ethers.id(name)) - 1n, 32);
      expect(await ethers.provider.getStorage(address, slot)).to.equal(ethers.ZeroHash);
    }
  });

  it("never changes a balance by itself, whatever the rate does", async () => {
    const { world, trEth, alice } = await token();
    await world.deposit(await world.person(2), "wstETH", ether("5"));
    await world.lidoLoses(1_000n);
    await world.c.accountant.report();
    expect(await world.c.pool.rate()).to.be.below(WAD);
    expect(await trEth.balanceOf(alice)).to.equal(ether("5"));
  });
});
