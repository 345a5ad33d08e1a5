/** The worker's environment, checked once at start. A server other than WhatsApp's is possible in the playground only. */

import { DEFAULT_CONNECTION_CONFIG, type WAVersion } from '@whiskeysockets/baileys'

export interface WhatsAppServer {
  url: string
  /** The Noise root public key, when it is not WhatsApp's own. */
  rootKey: Buffer<ArrayBuffer> | null
}

export interface Config {
  fd: number
  server: WhatsAppServer
  version: WAVersion
  logLevel: string
}

const ROOT_KEY_BYTES = 32
const LOG_LEVELS = new Set(['debug', 'info', 'warn', 'error'])

/** Throws Error with a plain sentence on anything unusable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    fd: readFd(env['EMDIA_SIDECAR_FD']),
    server: readServer(env),
    version: readVersion(env['EMDIA_WHATSAPP_VERSION']),
    logLevel: readLevel(env['EMDIA_SIDECAR_LOG'] ?? 'info'),
  }
}

function readFd(text: string | undefined): number {
  if (!text || !/^\d{1,6}$/.test(text)) throw new Error('EMDIA_SIDECAR_FD must be the number of an inherited descriptor')
  return Number(text)
}

function readServer(env: NodeJS.ProcessEnv): WhatsAppServer {
  const url = env['EMDIA_WHATSAPP_URL']
  const key = env['EMDIA_WHATSAPP_ROOT_KEY']
  if (!url && !key) return { url: String(DEFAULT_CONNECTION_CONFIG.waWebSocketUrl), rootKey: null }
  if (!url || !key) throw new Error('EMDIA_WHATSAPP_URL and EMDIA_WHATSAPP_ROOT_KEY go together')
  if (env['EMDIA_MODE'] !== 'playground') throw new Error('another WhatsApp server is for EMDIA_MODE=playground only')
  if (!/^ws:\/\/127\.0\.0\.1:\d{1,5}\/ws\/chat$/.test(url)) throw new Error('EMDIA_WHATSAPP_URL must be on 127.0.0.1')
  const rootKey = Buffer.from(key, 'base64')
  if (rootKey.length !== ROOT_KEY_BYTES) throw new Error('EMDIA_WHATSAPP_ROOT_KEY must be 32 bytes in base64')
  return { url, rootKey }
}

function readVersion(text: string | undefined): WAVersion {
  if (!text) return DEFAULT_CONNECTION_CONFIG.version
  const match = /^(\d{1,2})\.(\d{1,5})\.(\d{1,12})$/.exec(text)
  if (!match) throw new Error('EMDIA_WHATSAPP_VERSION must look like 2.3000.1043857760')
  return [Number(match[1]), Number(match[2]), Number(match[3])]
}

function readLevel(level: string): string {
  if (!LOG_LEVELS.has(level)) throw new Error('EMDIA_SIDECAR_LOG must be debug, info, warn or error')
  return level
}
