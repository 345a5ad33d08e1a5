/** A simulated WhatsApp and a tenant paired with it, for the tests of sessions. */

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { DEFAULT_CONNECTION_CONFIG, WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import type { Json } from '../src/frames.ts'
import { TIMING, type Timing } from '../src/silence.ts'
import { Host } from './sidecar-support.ts'

export const OWNER = '5511977776666'
export const CLIENT = '551188887777'
export const CLIENT_JID = `${CLIENT}@s.whatsapp.net`

export interface Shown {
  id: string
  text: string
  times_seen: number
}

export class WhatsApp {
  readonly url: string
  readonly #admin: string

  constructor(url: string, admin: string) {
    this.url = url
    this.#admin = admin
  }

  async ask(method: string, path: string, body?: Json): Promise<Json> {
    const init = body ? { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : { method }
    const response = await fetch(this.#admin + path, init)
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Json
  }

  async inbox(number: string): Promise<Shown[]> {
    return (await this.ask('GET', `/phones/${number}/inbox`))['messages'] as Shown[]
  }
}

/** Starts a simulator that ends with the test. */
export async function startWhatsApp(t: TestContext): Promise<WhatsApp> {
  const state = await mkdtemp(join(tmpdir(), 'emdia-sidecar-'))
  const main = join(import.meta.dirname, '..', 'simulator', 'main.ts')
  const child = spawn(process.execPath, [main, '--state', state, '--exit-with-stdin'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  t.after(async () => {
    child.kill('SIGTERM')
    await ended
    await rm(state, { recursive: true })
  })
  const [line] = (await createInterface(child.stdout)[Symbol.asyncIterator]().next().then(({ value }) => [value])) as [string]
  const ready = JSON.parse(line) as { url: string; root_key: string; admin: string }
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(ready.root_key, 'base64')
  const whatsapp = new WhatsApp(ready.url, ready.admin)
  await whatsapp.ask('PUT', `/phones/${OWNER}`, { name: 'Academia Boa Forma' })
  await whatsapp.ask('PUT', `/phones/${CLIENT}`, { name: 'Maria' })
  return whatsapp
}

/** A worker of this process, with nobody paired yet; it ends with the test. */
export function startHost(t: TestContext, whatsapp: WhatsApp, timing: Timing = TIMING): Host {
  const { version } = DEFAULT_CONNECTION_CONFIG
  const host = new Host({ server: { url: whatsapp.url, rootKey: null }, version }, timing)
  t.after(() => host.worker.shutdown())
  return host
}

/** Pairs OWNER by QR and opens the session: tenant 1, epoch 1. */
export async function pair(whatsapp: WhatsApp, host: Host): Promise<void> {
  await host.ask('open', { creds: null })
  const { payload } = await host.heard('qr')
  await whatsapp.ask('POST', `/phones/${OWNER}/scan`, { qr: payload })
  await host.heard('closed')
  await host.ask('open', { creds: host.creds })
  await host.heard('open')
}

export function send(host: Host, messageId: string, text = 'Oi', deadlineMs = 20_000): Promise<Json> {
  return host.ask('send', { message_id: messageId, jid: CLIENT_JID, text, typing_ms: 0 }, deadlineMs)
}
