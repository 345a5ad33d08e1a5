/** How the simulator misbehaves when told to. Each order holds for one account or for all. */

import { type Rule, Rules } from './rules.ts'

export interface Refuse extends Rule {
  error: number
  to?: string
}

/** How a look-up is answered: with an error, never, with nothing, without a list, or wrongly for one of its numbers. */
export const LOOK_UP_ANSWERS = ['error', 'none', 'empty', 'no_list', 'protocol_error', 'out', 'other'] as const

export interface LookUp extends Rule {
  answer: (typeof LOOK_UP_ANSWERS)[number]
  code?: number
  of?: string
  about?: 'contact' | 'devices'
}

export interface Acks extends Rule {
  how: 'late' | 'none' | 'twice'
  ms?: number
  to?: string
  id?: string
}

export interface Receipts extends Rule {
  how: 'none' | 'twice' | 'read_first'
  to?: string
}

export interface Cut extends Rule {
  when: 'before_storing' | 'before_ack' | 'after_ack'
  to?: string
}

export interface RefuseLogins extends Rule {
  code: number
  expire_s?: number
}

/** The orders that are rules, by their names. */
interface RuleOrders {
  refuse: Refuse
  look_up: LookUp
  acks: Acks
  receipts: Receipts
  cut: Cut
  refuse_logins: RefuseLogins
}

interface StandingOrders {
  ack_delay_ms: number
  drop_acks: number
  drop_messages: number
  silent: boolean
  drop_connection_after_messages: number
  slow_ms: number
  refuse_pn: number
}

export interface FaultOrder extends Partial<RuleOrders>, Partial<StandingOrders> {
  number?: string
}

/** What happened how often, by the name of the order. */
export type Fired = Record<string, number>

const ALL = '*'
const RULE_NAMES = ['refuse', 'look_up', 'acks', 'receipts', 'cut', 'refuse_logins'] as const

class Orders {
  readonly standing: Partial<StandingOrders> = {}
  readonly rules: { [K in keyof RuleOrders]: Rules<RuleOrders[K]> } = {
    refuse: new Rules((a, b) => a.to === b.to),
    look_up: new Rules((a, b) => a.of === b.of && (a.about ?? 'contact') === (b.about ?? 'contact')),
    acks: new Rules((a, b) => a.to === b.to && a.id === b.id),
    receipts: new Rules((a, b) => a.to === b.to),
    cut: new Rules((a, b) => a.to === b.to && a.when === b.when),
    refuse_logins: new Rules(() => true),
  }

  take(order: FaultOrder): void {
    const { number: _number, ...rest } = order
    for (const name of RULE_NAMES) this.#add(name, rest[name])
    for (const name of RULE_NAMES) delete rest[name]
    Object.assign(this.standing, rest)
  }

  #add<K extends keyof RuleOrders>(name: K, rule: RuleOrders[K] | undefined): void {
    if (rule) this.rules[name].add(rule)
  }
}

export class Faults {
  readonly fired: Fired = {}
  readonly #orders = new Map<string, Orders>()

  order(order: FaultOrder): void {
    const key = order.number ?? ALL
    const orders = this.#orders.get(key) ?? new Orders()
    this.#orders.set(key, orders)
    orders.take(order)
  }

  /** Behaves again: towards one account as towards all others, or towards all. */
  clear(number?: string): void {
    if (number === undefined) this.#orders.clear()
    else this.#orders.delete(number)
  }

  /** The error to refuse a message with, or undefined; `byNumber` when it is not addressed to the LID. */
  refusal(number: string, to: string, byNumber: boolean): number | undefined {
    const rule = this.#rule(number, 'refuse', (refuse) => isFor(refuse, to))
    if (rule) return rule.error
    const error = byNumber ? this.#standing(number, 'refuse_pn') : 0
    return error ? this.#count('refuse_pn', error) : undefined
  }

  /** How a look-up about these numbers goes wrong, or undefined. */
  lookUp(number: string, about: 'contact' | 'devices', asked: string[]): LookUp | undefined {
    return this.#rule(number, 'look_up', (rule) => {
      return (rule.about ?? 'contact') === about && (rule.of === undefined || asked.includes(rule.of))
    })
  }

  acks(number: string, to: string, id: string): Acks | undefined {
    const rule = this.#rule(number, 'acks', (acks) => isFor(acks, to) && (acks.id === undefined || acks.id === id))
    if (rule) return rule
    if (this.#countDown(number, 'drop_acks')) return { how: 'none' }
    const ms = this.#standing(number, 'ack_delay_ms') ?? 0
    return ms > 0 ? { how: 'late', ms } : undefined
  }

  receipts(number: string, to: string): Receipts | undefined {
    return this.#rule(number, 'receipts', (receipts) => isFor(receipts, to))
  }

  cuts(number: string, to: string, when: Cut['when']): boolean {
    return this.#rule(number, 'cut', (cut) => isFor(cut, to) && cut.when === when) !== undefined
  }

  login(number: string): RefuseLogins | undefined {
    return this.#rule(number, 'refuse_logins', () => true)
  }

  slowness(number: string): number {
    return this.#standing(number, 'slow_ms') ?? 0
  }

  isSilent(number: string): boolean {
    return this.#standing(number, 'silent') ?? false
  }

  dropsMessage(number: string): boolean {
    return this.#countDown(number, 'drop_messages')
  }

  /** Whether the connection ends with this message. */
  cutsNow(number: string): boolean {
    const orders = this.#holding(number, 'drop_connection_after_messages')
    const left = orders?.drop_connection_after_messages ?? 0
    if (!orders || left <= 0) return false
    orders.drop_connection_after_messages = left - 1
    if (left > 1) return false
    this.#count('drop_connection_after_messages', left)
    return true
  }

  #countDown(number: string, name: 'drop_acks' | 'drop_messages'): boolean {
    const orders = this.#holding(number, name)
    const left = orders?.[name] ?? 0
    if (!orders || left <= 0) return false
    orders[name] = left - 1
    this.#count(name, left)
    return true
  }

  #rule<K extends keyof RuleOrders>(
    number: string,
    name: K,
    fits: (rule: RuleOrders[K]) => boolean,
  ): RuleOrders[K] | undefined {
    for (const key of [number, ALL]) {
      const rule = this.#orders.get(key)?.rules[name].take(fits)
      if (rule) return this.#count(name, rule)
    }
    return undefined
  }

  #standing<K extends keyof StandingOrders>(number: string, name: K): StandingOrders[K] | undefined {
    return this.#holding(number, name)?.[name]
  }

  /** The orders that say something about `name`: the account's own come first. */
  #holding(number: string, name: keyof StandingOrders): Partial<StandingOrders> | undefined {
    const own = [number, ALL].map((key) => this.#orders.get(key)?.standing)
    return own.find((standing) => standing?.[name] !== undefined)
  }

  #count<T>(name: string, found: T): T {
    this.fired[name] = (this.fired[name] ?? 0) + 1
    return found
  }
}

function isFor(rule: { to?: string }, to: string): boolean {
  return rule.to === undefined || rule.to === to
}
