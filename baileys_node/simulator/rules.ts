/** Orders to misbehave for some of what passes by: how often, with what chance, and for whom. */

/** What every rule may say. Without `times` it holds until it is taken back; `chance` is drawn from `seed`. */
export interface Rule {
  times?: number
  chance?: number
  seed?: number
}

interface Held<R> {
  rule: R
  left: number
  draw: () => number
}

/** The rules of one kind for one account, newest first; one for the same thing takes the place of an older one. */
export class Rules<R extends Rule> {
  #held: Held<R>[] = []
  readonly #same: (one: R, other: R) => boolean

  constructor(same: (one: R, other: R) => boolean) {
    this.#same = same
  }

  add(rule: R): void {
    const others = this.#held.filter((held) => !this.#same(held.rule, rule))
    this.#held = [{ rule, left: rule.times ?? Infinity, draw: dice(rule.seed ?? 1) }, ...others]
  }

  /** The rule that applies, one of its times used up; or undefined. */
  take(fits: (rule: R) => boolean): R | undefined {
    for (const held of this.#held) {
      if (held.left <= 0 || !fits(held.rule)) continue
      if (held.rule.chance !== undefined && held.draw() >= held.rule.chance) continue
      held.left -= 1
      return held.rule
    }
    return undefined
  }
}

/** Equal seeds draw equal numbers from 0 to 1: a linear congruential generator (Knuth, MMIX), its upper 32 bits. */
function dice(seed: number): () => number {
  let state = BigInt(seed)
  return () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)
    return Number(state >> 32n) / 2 ** 32
  }
}
