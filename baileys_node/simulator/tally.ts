/** Whom each account asked about and wrote to, whatever became of it: proof that no stranger was touched. */

export interface Touched {
  by: string
  number: string
  /** How often; for messages, one id that came twice counts twice. */
  times: number
  ids: string[]
}

export class Tally {
  readonly #lookUps = new Map<string, Touched>()
  readonly #messages = new Map<string, Touched>()

  /** Somebody asked whether `number` is on WhatsApp, or for its devices. */
  lookedUp(by: string, number: string): void {
    touch(this.#lookUps, by, number)
  }

  /** A message was addressed to `number`: accepted or not, delivered or not. */
  addressed(by: string, number: string, id: string): void {
    touch(this.#messages, by, number, id)
  }

  get lookUps(): Touched[] {
    return [...this.#lookUps.values()]
  }

  get messages(): Touched[] {
    return [...this.#messages.values()]
  }
}

function touch(kept: Map<string, Touched>, by: string, number: string, id?: string): void {
  const key = `${by} ${number}`
  const touched = kept.get(key) ?? { by, number, times: 0, ids: [] }
  touched.times += 1
  if (id !== undefined && !touched.ids.includes(id)) touched.ids.push(id)
  kept.set(key, touched)
}
