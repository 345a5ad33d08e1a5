/**
 * One tenant's WhatsApp socket from `open` to `closed`. It never reconnects: it says once, with a code, that it is
 * over, and only after the credentials are durable. Failing storage ends it, since Baileys takes an unreadable key
 * for an absent one.
 */

import makeWASocket, {
  Browsers,
  DisconnectReason,
  isLidUser,
  isPnUser,
  jidDecode,
  jidNormalizedUser,
  proto,
  type AuthenticationCreds,
  type BaileysEventMap,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { WebSocket } from 'ws'
import type { Config } from './config.ts'
import { CredsWriter, reviveCreds } from './creds.ts'
import { describe, OperationError, RemoteError } from './errors.ts'
import type { Json } from './frames.ts'
import { Envelopes, readIncoming } from './inbox.ts'
import { KeyStore } from './keys.ts'
import type { Link } from './link.ts'
import { forBaileys, type Logger } from './log.ts'
import { findNumber, type FoundNumber } from './numbers.ts'
import { Outcomes, type SendOutcome } from './outcomes.ts'
import { Sender, type SendOrder } from './sender.ts'
import { makeRepository } from './signal.ts'

/** Seconds a socket may stay without a frame, and how often it asks for one. Shorter in tests. */
export interface Timing {
  silenceMs: number
  keepAliveMs: number
}

export const TIMING: Timing = { silenceMs: 35_000, keepAliveMs: 25_000 }

export interface SessionOptions {
  tenant: number
  epoch: number
  creds: string | null
  link: Link
  config: Pick<Config, 'server' | 'version'>
  log: Logger
  timing?: Timing
}

type CloseCode = number | 'fenced' | 'storage' | 'passkey'

interface Closing {
  code: CloseCode
  reason: string
  /** Whether Python is told; it is not when it asked for the end itself. */
  announce: boolean
}

const FIRST_QR_S = 60
const NEXT_QR_S = 20
const FLUSH_MS = 5_000
/** A peer that does not answer the closing handshake would hold the end back for 30 s. */
const TERMINATE_MS = 1_000
const SILENCE_CHECKS = 7
const REACHOUT_TIMELOCK = 463
const STREAM_OVER = ['CB:stream:error', 'CB:failure', 'CB:ib,,downgrade_webclient']
const PASSKEY_ASKED = ['CB:notification,type:passkey_prologue_request', 'CB:notification,type:crsc_continuation']

export class Session {
  readonly tenant: number
  readonly epoch: number
  /** Resolves when the socket is over and everything it had to save is saved. */
  readonly over: Promise<void>

  readonly #link: Link
  readonly #log: Logger
  readonly #timing: Timing
  readonly #sock: WASocket
  readonly #creds: AuthenticationCreds
  readonly #credsWriter: CredsWriter
  readonly #keys: KeyStore
  readonly #sender: Sender
  readonly #outcomes: Outcomes
  readonly #envelopes = new Envelopes()
  readonly #probe: NodeJS.Timeout
  readonly #pausedBy = new Set<'python' | 'link'>()
  readonly #pairable = Promise.withResolvers<void>()
  #isOver: () => void = () => {}
  #finishing: Promise<void> | null = null
  #isOpen = false
  #qrs = 0
  #lastFrame = performance.now()

  /** Throws OperationError `bad_request` on credentials that cannot be read. */
  constructor(options: SessionOptions) {
    this.tenant = options.tenant
    this.epoch = options.epoch
    this.#link = options.link
    this.#log = options.log.child({ tenant: options.tenant, epoch: options.epoch })
    this.#timing = options.timing ?? TIMING
    const { promise, resolve } = Promise.withResolvers<void>()
    this.over = promise
    this.#isOver = resolve
    this.#pairable.promise.catch(() => {})
    this.#creds = reviveCreds(options.creds)
    this.#credsWriter = new CredsWriter(this.#creds, (creds) => this.#ask('creds_set', { creds }))
    this.#keys = new KeyStore((op, args) => this.#ask(op, args), (error) => this.#storageFailed(error))
    this.#outcomes = new Outcomes((event, data) => this.#emit(event, data))
    this.#sock = this.#connect(options.config)
    this.#sender = new Sender(this.#sock, this.#keys, this.#outcomes, this.#log)
    this.#listen()
    this.#probe = setInterval(() => this.#probeSilence(), this.#timing.silenceMs / SILENCE_CHECKS)
  }

  async send(order: SendOrder, deadlineMs: number): Promise<SendOutcome> {
    this.#requireOpen()
    const outcome = await this.#sender.send(order, deadlineMs)
    if (outcome.outcome === 'refused' && outcome.error === REACHOUT_TIMELOCK) void this.#askRestriction()
    return outcome
  }

  async checkNumber(candidates: string[]): Promise<FoundNumber> {
    this.#requireOpen()
    return this.#whileOpen(findNumber(this.#sock, candidates))
  }

  /** Waits until WhatsApp is ready to pair, then asks for a code. */
  async pairByCode(phone: string): Promise<string> {
    if (this.#creds.account) throw new OperationError('bad_request', 'this device is paired already')
    await this.#whileOpen(this.#pairable.promise)
    const code = await this.#whileOpen(this.#sock.requestPairingCode(phone))
    this.#emit('pairing_code', { code })
    return code
  }

  /** Lets the message on its way reach its ack, then ends the socket without a `closed` event. */
  async close(logout: boolean): Promise<void> {
    if (logout && this.#isOpen) await this.#unlink()
    return this.#finish({ code: DisconnectReason.connectionClosed, reason: 'asked', announce: false })
  }

  /** Resolves when no message is on its way. New ones are refused from now on. */
  async drain(): Promise<void> {
    this.#isOpen = false
    await this.#sender.idle()
  }

  /** Stops or resumes reading from WhatsApp: Python, or the link to it, lags behind. */
  pause(by: 'python' | 'link', paused: boolean): void {
    if (paused) this.#pausedBy.add(by)
    else this.#pausedBy.delete(by)
    this.#lastFrame = performance.now()
    const socket = this.#rawSocket()
    if (this.#pausedBy.size > 0) socket?.pause()
    else socket?.resume()
  }

  #connect({ server, version }: SessionOptions['config']): WASocket {
    return makeWASocket({
      auth: { creds: this.#creds, keys: this.#keys },
      waWebSocketUrl: server.url,
      version,
      logger: forBaileys(this.#log),
      browser: Browsers.ubuntu('Chrome'),
      countryCode: 'BR',
      markOnlineOnConnect: false,
      syncFullHistory: false,
      emitOwnEvents: false,
      generateHighQualityLinkPreview: false,
      keepAliveIntervalMs: this.#timing.keepAliveMs,
      // Storage that failed once ends the session: nothing is tried again behind its back.
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
      shouldIgnoreJid: (jid) => !isPnUser(jid) && !isLidUser(jid),
      getMessage: ({ id }) => this.#sentText(id ?? ''),
      makeSignalRepository: makeRepository(this.#keys, {
        sealed: () => this.#sender.sealed(),
        opened: (ciphertext, plaintext) => this.#opened(ciphertext, plaintext),
      }),
    })
  }

  #listen(): void {
    const { ev, ws } = this.#sock
    ev.on('creds.update', () => this.#credsChanged())
    ev.on('connection.update', (update) => this.#connectionChanged(update))
    ev.on('message-capping.update', (cap) => this.#emit('restriction', restriction('message_cap', null, cap)))
    ws.on('frame', (frame: BinaryNode | Uint8Array) => this.#frameArrived(frame))
    ws.on('CB:ack,class:message', (node: BinaryNode) => this.#outcomes.acked(node))
    ws.on('CB:receipt', (node: BinaryNode) => this.#outcomes.received(node))
    for (const over of STREAM_OVER) ws.on(over, () => this.#terminateSoon())
    for (const asked of PASSKEY_ASKED) ws.on(asked, () => this.#passkeyAsked())
  }

  #frameArrived(frame: BinaryNode | Uint8Array): void {
    this.#lastFrame = performance.now()
    if (!(frame instanceof Uint8Array)) this.#envelopes.seen(frame)
  }

  #credsChanged(): void {
    this.#credsWriter.changed()
    this.#credsWriter.flush().catch((error: unknown) => this.#storageFailed(error))
  }

  #connectionChanged(update: BaileysEventMap['connection.update']): void {
    const { connection, qr, isNewLogin, lastDisconnect, reachoutTimeLock } = update
    if (qr) this.#qrArrived(qr)
    if (isNewLogin) void this.#afterSave(() => this.#emit('paired', this.#identity()))
    if (connection === 'open') void this.#afterSave(() => this.#opening())
    if (reachoutTimeLock) this.#timelocked(reachoutTimeLock)
    if (connection === 'close') void this.#finish(closingOf(lastDisconnect?.error))
  }

  #opening(): void {
    this.#isOpen = true
    this.#emit('open', this.#identity())
  }

  #qrArrived(payload: string): void {
    this.#qrs += 1
    this.#emit('qr', { payload, expires_s: this.#qrs === 1 ? FIRST_QR_S : NEXT_QR_S })
    this.#pairable.resolve()
  }

  /** Nothing is announced before the credentials it rests on are durable. */
  async #afterSave(announce: () => void): Promise<void> {
    try {
      await this.#credsWriter.flush()
      if (!this.#finishing) announce()
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  #identity(): Json {
    const { id, lid } = this.#creds.me ?? {}
    return { jid: id ? jidNormalizedUser(id) : null, lid: lid ? jidNormalizedUser(lid) : null }
  }

  #timelocked(lock: NonNullable<BaileysEventMap['connection.update']['reachoutTimeLock']>): void {
    if (!lock.isActive) return
    const until = lock.timeEnforcementEnds?.getTime() ?? null
    this.#emit('restriction', restriction('reachout_timelock', until, { type: lock.enforcementType }))
  }

  async #askRestriction(): Promise<void> {
    try {
      // Its answer arrives as a connection.update, like the restrictions WhatsApp reports by itself.
      await this.#sock.fetchAccountReachoutTimelock()
    } catch (error) {
      this.#log.warn(describe(error), 'WhatsApp did not tell until when new chats are refused')
    }
  }

  async #opened(ciphertext: Uint8Array, plaintext: Uint8Array): Promise<void> {
    const node = this.#envelopes.of(ciphertext)
    const incoming = node && (await readIncoming(node, plaintext, (lid) => this.#phoneOf(lid)))
    if (!incoming) return
    try {
      await this.#ask('incoming', incoming)
    } catch (error) {
      this.#storageFailed(error)
      throw error
    }
  }

  async #phoneOf(lid: string): Promise<string | null> {
    const pn = await this.#sock.signalRepository.lidMapping.getPNForLID(lid)
    return jidDecode(pn ?? undefined)?.user ?? null
  }

  async #sentText(messageId: string): Promise<proto.IMessage | undefined> {
    const { text } = await this.#ask('message_text', { message_id: messageId })
    return typeof text === 'string' ? { extendedTextMessage: { text } } : undefined
  }

  async #unlink(): Promise<void> {
    try {
      await this.#sock.logout()
    } catch (error) {
      this.#log.warn(describe(error), 'WhatsApp was not told to unlink the device')
    }
  }

  #ask(op: string, args: Json): Promise<Json> {
    return this.#link.call(op, this.tenant, this.epoch, args)
  }

  #emit(event: string, data: Json): void {
    this.#link.event(event, this.tenant, this.epoch, data)
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new OperationError('not_open', 'the session is not open')
  }

  async #whileOpen<T>(work: Promise<T>): Promise<T> {
    const closed = this.over.then(() => Promise.reject(new OperationError('closed', 'the session ended')))
    return Promise.race([work, closed])
  }

  #storageFailed(error: unknown): void {
    const fenced = error instanceof RemoteError && error.code === 'stale_epoch'
    this.#log.warn(describe(error), fenced ? 'another process owns this session now' : 'the session cannot be saved')
    const code = fenced ? 'fenced' : 'storage'
    void this.#finish({ code, reason: fenced ? 'stale_epoch' : 'storage_failed', announce: true })
  }

  #passkeyAsked(): void {
    void this.#finish({ code: 'passkey', reason: 'passkey_required', announce: true })
  }

  #probeSilence(): void {
    if (this.#pausedBy.size > 0 || performance.now() - this.#lastFrame < this.#timing.silenceMs) return
    void this.#finish({ code: DisconnectReason.connectionLost, reason: 'silent', announce: true })
  }

  #finish(closing: Closing): Promise<void> {
    this.#finishing ??= this.#end(closing)
    return this.#finishing
  }

  async #end(closing: Closing): Promise<void> {
    this.#isOpen = false
    clearInterval(this.#probe)
    this.#sender.closed()
    this.#terminateSoon()
    void this.#sock.end(undefined)
    const saved = closing.code === 'fenced' || (await within(FLUSH_MS, this.#save()))
    this.#keys.close()
    const { code, reason } = saved ? closing : { code: 'storage', reason: 'storage_failed' }
    this.#log.info({ code, reason }, 'session over')
    if (closing.announce) this.#emit('closed', { code, reason, logged_out: code === DisconnectReason.loggedOut })
    this.#isOver()
  }

  async #save(): Promise<void> {
    await this.#keys.idle()
    await this.#credsWriter.flush()
  }

  #terminateSoon(): void {
    const socket = this.#rawSocket()
    if (socket) setTimeout(() => socket.terminate(), TERMINATE_MS).unref()
  }

  #rawSocket(): WebSocket | null {
    return (this.#sock.ws as unknown as { socket: WebSocket | null }).socket
  }
}

function closingOf(error: (Error & { output?: { statusCode?: number } }) | undefined): Closing {
  const code = error?.output?.statusCode ?? DisconnectReason.connectionClosed
  return { code, reason: DisconnectReason[code] ?? 'unexpected', announce: true }
}

function restriction(kind: 'reachout_timelock' | 'message_cap', until: number | null, detail: object): Json {
  return { kind, until_ms: until, detail: JSON.stringify(detail) }
}

/** Whether `work` succeeded within the time given. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), milliseconds)
  work.then(
    () => resolve(true),
    () => resolve(false),
  )
  const done = await promise
  clearTimeout(timer)
  return done
}
