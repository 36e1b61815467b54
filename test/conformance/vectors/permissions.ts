/** Who may act for an account, and what is paused. */
import { ZeroAddress } from "ethers";
import { completes, deposits, engineWorld, ether, mine, queues, WAD } from "../../integration/engine/world";
import { refusal } from "../../integration/engine/refusal";
import { status, type Account, type Scenarios } from "./scenario";

export const PERMISSION_SCENARIOS: Scenarios = {
  permissions: async (saw) => {
    const w = await engineWorld();
    const account = w.operator;
    const { dm } = w;
    await dm.connect(account).registerAsOperator(ZeroAddress, 0, "");
    const target = await dm.getAddress();
    const { selector } = dm.updateOperatorMetadataURI.fragment;
    saw("self is admin", await w.pc.isAdmin(account, account));
    const appoint = (as: Account) => w.pc.connect(as).setAppointee(account, w.bob, target, selector);
    saw("! appointee by stranger", await refusal(appoint(w.stranger)));
    await appoint(account);
    await dm.connect(w.bob).updateOperatorMetadataURI(account, "by the appointee");
    saw("canCall", await w.pc.canCall(account, w.bob, target, selector));
    const other = dm.connect(w.bob).modifyOperatorDetails(account, w.bob);
    saw("! appointee on another function", await refusal(other));
    saw("! twice", await refusal(appoint(account)));
    const offer = (admin: Account, as = account) => w.pc.connect(as).addPendingAdmin(account, admin);
    await offer(w.carol);
    saw("! pending twice", await refusal(offer(w.carol)));
    saw("! accept by other", await refusal(w.pc.connect(w.stranger).acceptAdmin(account)));
    await w.pc.connect(w.carol).acceptAdmin(account);
    saw("account lost its own admin right", await w.pc.isAdmin(account, account));
    saw("! old self acts", await refusal(dm.connect(account).updateOperatorMetadataURI(account, "")));
    saw("direct msg.sender functions still work for the account", await status(deposits(w, account, WAD)));
    saw("! remove last admin", await refusal(w.pc.connect(w.carol).removeAdmin(account, w.carol)));
    const dismiss = () => w.pc.connect(w.carol).removeAppointee(account, w.bob, target, selector);
    await dismiss();
    saw("! remove again", await refusal(dismiss()));
  },

  pausing: async (saw) => {
    const w = await engineWorld();
    await deposits(w, w.alice, ether("2"));
    await queues(w, w.alice, [ether("1")]);
    await mine(20);
    await w.sm.pause(1n);
    saw("! deposit paused", await refusal(deposits(w, w.alice, 1n)));
    saw("! pause cannot unset bits", await refusal(w.sm.pause(0n)));
    saw("! pause by stranger", await refusal(w.sm.connect(w.stranger).pause(1n)));
    await w.sm.unpause(0n);
    saw("unpaused", await w.sm["paused(uint8)"](0n));
    await w.dm.pauseAll();
    const registering = w.dm.connect(w.operator).registerAsOperator(ZeroAddress, 0, "");
    saw("! register operator paused", await refusal(registering));
    saw("! queue paused", await refusal(queues(w, w.alice, [1n])));
    saw("! complete paused", await refusal(completes(w, w.alice)));
  },
};
