/** Finds which written form of a phone is on WhatsApp: one form first, then the other (Brazil's ninth digit). */

import { jidNormalizedUser, type WASocket } from '@whiskeysockets/baileys'
import { OperationError } from './errors.ts'

export interface FoundNumber {
  jid: string | null
  lid: string | null
}

/** Asks WhatsApp for each candidate until one exists. Throws OperationError `timeout` when it does not answer. */
export async function findNumber(sock: WASocket, candidates: string[]): Promise<FoundNumber> {
  for (const candidate of candidates) {
    const answers = await sock.onWhatsApp(candidate)
    // Baileys gives nothing at all for a query that ran out of time: that is not "no such number".
    if (!answers) throw new OperationError('timeout', 'WhatsApp did not answer')
    const found = answers.find(({ exists }) => exists)
    if (!found) continue
    const jid = jidNormalizedUser(found.jid)
    const lid = await sock.signalRepository.lidMapping.getLIDForPN(jid)
    return { jid, lid: lid ? jidNormalizedUser(lid) : null }
  }
  return { jid: null, lid: null }
}
