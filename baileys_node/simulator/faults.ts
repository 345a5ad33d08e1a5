/** How the simulator misbehaves when told to. Each order holds for one account or for all. */

export interface FaultOrder {
  number?: string
  refuse?: { error: number; times?: number; to?: string }
  ack_delay_ms?: number
  drop_acks?: number
  drop_messages?: number
  silent?: boolean
  drop_connection_after_messages?: number
  slow_ms?: number
}

const ALL = '*'

export class Faults {
  readonly #orders = new Map<string, FaultOrder>()

  order(order: FaultOrder): void {
    const key = order.number ?? ALL
    this.#orders.set(key, { ...this.#orders.get(key), ...order })
  }

  clear(): void {
    this.#orders.clear()
  }

  /** The error to refuse a message with, or undefined; one of the times is used up. */
  refusal(number: string, to: string): number | undefined {
    return this.#find(number, (order) => {
      const refuse = order.refuse
      if (!refuse || (refuse.to !== undefined && refuse.to !== to) || refuse.times === 0) return undefined
      if (refuse.times !== undefined) refuse.times -= 1
      return refuse.error
    })
  }

  ackDelay(number: string): number {
    return this.#find(number, (order) => order.ack_delay_ms) ?? 0
  }

  slowness(number: string): number {
    return this.#find(number, (order) => order.slow_ms) ?? 0
  }

  isSilent(number: string): boolean {
    return this.#find(number, (order) => order.silent || undefined) ?? false
  }

  dropsAck(number: string): boolean {
    return this.#countDown(number, 'drop_acks')
  }

  dropsMessage(number: string): boolean {
    return this.#countDown(number, 'drop_messages')
  }

  /** Whether the connection ends with this message. */
  cutsNow(number: string): boolean {
    return (
      this.#find(number, (order) => {
        const left = order.drop_connection_after_messages
        if (left === undefined || left <= 0) return undefined
        order.drop_connection_after_messages = left - 1
        return left === 1 || undefined
      }) ?? false
    )
  }

  #countDown(number: string, name: 'drop_acks' | 'drop_messages'): boolean {
    return (
      this.#find(number, (order) => {
        const left = order[name] ?? 0
        if (left <= 0) return undefined
        order[name] = left - 1
        return true
      }) ?? false
    )
  }

  #find<T>(number: string, look: (order: FaultOrder) => T | undefined): T | undefined {
    for (const key of [number, ALL]) {
      const order = this.#orders.get(key)
      const found = order && look(order)
      if (found !== undefined) return found
    }
    return undefined
  }
}
