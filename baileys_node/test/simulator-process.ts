/** A simulated WhatsApp for a test file: a process of its own, and its admin API. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import type { Addresses } from '../simulator/server.ts'

export type Json = Record<string, unknown>

/** What a phone shows. */
export interface Shown {
  id: string
  from: string
  text: string
  type: string
  times_seen: number
}

const MAIN = join(import.meta.dirname, '..', 'simulator', 'main.ts')

/** The admin API refused. */
export class AdminRefused extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

/** The admin API of a simulator, wherever it runs. */
export class WhatsApp {
  addresses: Addresses

  constructor(addresses: Addresses) {
    this.addresses = addresses
  }

  /** The clients that this process connects from now on believe this server. */
  trust(): void {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(this.addresses.root_key, 'base64')
  }

  /** One admin request; throws AdminRefused. */
  async ask(method: string, path: string, body?: unknown): Promise<Json> {
    const init = body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch(this.addresses.admin + path, init)
    if (!response.ok) throw new AdminRefused(response.status, `${method} ${path}: ${await response.text()}`)
    return (await response.json()) as Json
  }

  async inbox(number: string): Promise<Shown[]> {
    return (await this.ask('GET', `/phones/${number}/inbox`))['messages'] as Shown[]
  }

  async stats(): Promise<Record<string, number>> {
    return (await this.ask('GET', '/stats')) as Record<string, number>
  }

  /** The linked device of an account, or undefined. */
  async session(number: string): Promise<Json | undefined> {
    const sessions = (await this.ask('GET', '/sessions'))['sessions'] as Json[]
    return sessions.find((session) => session['number'] === number)
  }
}

/** A simulator in a process of its own, that can be ended and started anew. */
export class WhatsAppProcess extends WhatsApp {
  readonly #state: string
  #process: ChildProcess | undefined

  constructor(state: string) {
    super({ url: '', root_key: '', admin: '' })
    this.#state = state
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, '--state', this.#state, '--exit-with-stdin'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#process = child
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    this.addresses = JSON.parse(line) as Addresses
    this.trust()
  }

  /** Ends the process; returns its exit code, null when a signal ended it by force. */
  async end(how: 'SIGTERM' | 'SIGKILL' | 'stdin'): Promise<number | null> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return null
    const ended = once(child, 'exit')
    if (how === 'stdin') child.stdin?.end()
    else child.kill(how)
    return ((await ended) as [number | null])[0]
  }
}

/** Starts a simulator that ends with the test file. */
export async function startWhatsApp(): Promise<WhatsAppProcess> {
  const state = await mkdtemp(join(tmpdir(), 'emdia-whatsapp-'))
  const whatsapp = new WhatsAppProcess(state)
  after(async () => {
    await whatsapp.end('SIGTERM')
    await rm(state, { recursive: true })
  })
  await whatsapp.start()
  return whatsapp
}

let numbers = 0

/** A mobile number nobody has had in this file, in the form without the ninth digit. */
export function freshNumber(): string {
  numbers += 1
  return `5511${88_000_000 + numbers}`
}

/** The same mobile number as its owner writes it today. */
export function withNinthDigit(number: string): string {
  return `${number.slice(0, 4)}9${number.slice(4)}`
}
