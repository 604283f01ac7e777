import { type Claim, FREE, type Item, type Lock, type RolloutRecord } from '../../../lambda/aws/rollout-record';

/** The record in memory, with the same conditions on the lock. */
export class MemoryRecord implements RolloutRecord {
  public readonly items = new Map<string, Item>();
  public locked: Lock = FREE;

  public lock = async (): Promise<Lock> => this.locked;

  public take = async (_: string, lock: Omit<Lock, 'epoch'>): Promise<Lock | undefined> => {
    if (this.locked.rolloutId !== '') return undefined;
    this.locked = { ...lock, epoch: this.locked.epoch + 1 };
    return this.locked;
  };

  public seize = async (claim: Claim, seizedBy: string): Promise<Lock | undefined> =>
    this.changeLock(claim, { phase: 'rollingBack', seizedBy, epoch: claim.epoch + 1 });

  public note = async (claim: Claim, changes: Partial<Lock>): Promise<Lock | undefined> =>
    this.changeLock(claim, changes);

  public release = async (claim: Claim): Promise<Lock | undefined> =>
    this.changeLock(claim, { ...FREE, epoch: claim.epoch });

  public get = async (pk: string, sk: string): Promise<Item | undefined> => this.items.get(`${pk}/${sk}`);

  public put = async (pk: string, sk: string, item: Item, once = false): Promise<boolean> => {
    if (once && this.items.has(`${pk}/${sk}`)) return false;
    this.items.set(`${pk}/${sk}`, item);
    return true;
  };

  public change = async (pk: string, sk: string, changes: Item, when: Item): Promise<Item | undefined> => {
    const item = this.items.get(`${pk}/${sk}`);
    if (item === undefined || Object.entries(when).some(([name, value]) => item[name] !== value)) return undefined;
    this.items.set(`${pk}/${sk}`, { ...item, ...changes });
    return this.items.get(`${pk}/${sk}`);
  };

  public list = async (pk: string, prefix: string, newest?: number): Promise<Item[]> => {
    const found = [...this.items].filter(([key]) => key.startsWith(`${pk}/${prefix}`));
    if (newest === undefined) return found.map(([, item]) => item);
    return found
      .sort(([one], [other]) => (one < other ? 1 : -1))
      .map(([, item]) => item)
      .slice(0, newest);
  };

  private changeLock({ rolloutId, epoch }: Claim, changes: Partial<Lock>): Lock | undefined {
    if (this.locked.rolloutId !== rolloutId || this.locked.epoch !== epoch) return undefined;
    this.locked = { ...this.locked, ...changes };
    return this.locked;
  }
}
