/** Who may come in at all: programs of this machine, and no page of a browser that was told another name for it. */

import type { IncomingMessage } from 'node:http'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])
/** Where WhatsApp Web lives: Baileys says it comes from there. */
export const WHATSAPP_WEB = 'https://web.whatsapp.com'

export class Forbidden extends Error {}

/** Refuses a Host that is not loopback, and any Origin but loopback's or those `allowed`. */
export function checkDoor({ headers }: IncomingMessage, allowed: string[] = []): void {
  if (!LOOPBACK.has(nameIn(`http://${headers.host ?? ''}`))) throw new Forbidden('not a loopback address')
  const { origin } = headers
  if (origin !== undefined && !allowed.includes(origin) && !LOOPBACK.has(nameIn(origin))) {
    throw new Forbidden('a page of another site')
  }
}

function nameIn(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : ''
}
