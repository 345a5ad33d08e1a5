/**
 * What a decrypted message is to the owner: its kind, its words, and what WhatsApp says of a file. The file itself is
 * never fetched. What a stranger says oddly (a size of minus one, a duration of years) is left out, and the rest stays.
 */

import { extractMessageContent, proto, unpadRandomMax16 } from '@whiskeysockets/baileys'
import { clean, identity, MAX_NAME_CHARS, MAX_TEXT_CHARS } from './text.ts'

export type Kind =
  | 'text' | 'image' | 'audio' | 'video' | 'pdf' | 'document' | 'sticker' | 'contact' | 'location' | 'other' | 'deleted'

/** `name` is a file's, a contact's or a place's; `about` is the message that this one changes, or takes back. */
export interface Content {
  kind: Kind
  text: string | null
  name: string | null
  size_bytes: number | null
  seconds: number | null
  about: string | null
}

type Numeric = number | Long | null | undefined
interface Long { toNumber(): number }

const MAX_SIZE_BYTES = 2 ** 40
const MAX_SECONDS = 1_000_000
const PDF = 'application/pdf'
const EDIT = proto.Message.ProtocolMessage.Type.MESSAGE_EDIT
const REVOKE = proto.Message.ProtocolMessage.Type.REVOKE

/** The content in a plaintext; null for what no person sent, what our own other devices did, and mere reactions. */
export function readContent(plaintext: Uint8Array): Content | null {
  const message = decode(plaintext)
  if (!message || message.deviceSentMessage || message.reactionMessage || message.encReactionMessage) return null
  const protocol = message.protocolMessage
  return protocol ? changed(protocol) : contentOf(message)
}

/** An edit says what the message is from now on; a revocation that it is nothing any more. */
function changed({ type, key, editedMessage }: proto.Message.IProtocolMessage): Content | null {
  const about = key?.id ? identity(key.id) : null
  if (!about) return null
  if (type === REVOKE) return content('deleted', { about })
  const now = type === EDIT && editedMessage ? contentOf(extractMessageContent(editedMessage) ?? {}) : null
  return now && { ...now, about }
}

function contentOf(message: proto.IMessage): Content | null {
  const { imageMessage, audioMessage, videoMessage, documentMessage, stickerMessage } = message
  const words = message.conversation || message.extendedTextMessage?.text
  if (words) return content('text', { text: words })
  if (imageMessage) return content('image', { text: imageMessage.caption, size: imageMessage.fileLength })
  if (audioMessage) return content('audio', { size: audioMessage.fileLength, seconds: audioMessage.seconds })
  const video = videoMessage ?? message.ptvMessage
  if (video) return content('video', { text: video.caption, size: video.fileLength, seconds: video.seconds })
  if (documentMessage) return documentOf(documentMessage)
  if (stickerMessage) return content('sticker', { size: stickerMessage.fileLength })
  return cardOf(message) ?? placeOf(message) ?? unknown(message)
}

function documentOf({ caption, fileName, title, fileLength, mimetype }: proto.Message.IDocumentMessage): Content {
  const name = fileName || title
  const isPdf = mimetype?.toLowerCase().split(';')[0]?.trim() === PDF || /\.pdf$/i.test(name ?? '')
  return content(isPdf ? 'pdf' : 'document', { text: caption, name, size: fileLength })
}

function cardOf({ contactMessage, contactsArrayMessage }: proto.IMessage): Content | null {
  const card = contactMessage ?? contactsArrayMessage
  return card ? content('contact', { name: card.displayName }) : null
}

function placeOf({ locationMessage, liveLocationMessage }: proto.IMessage): Content | null {
  if (locationMessage) return content('location', { text: locationMessage.comment, name: locationMessage.name })
  return liveLocationMessage ? content('location', { text: liveLocationMessage.caption }) : null
}

/** A key distribution comes alone in its message; anything else but a vote is something a person sent. */
function unknown(message: proto.IMessage): Content | null {
  if (message.pollUpdateMessage || message.encEventResponseMessage) return null
  const isSent = Object.keys(message).some((field) => field.endsWith('Message') && !field.startsWith('senderKey'))
  return isSent ? content('other') : null
}

interface Parts {
  text?: string | null | undefined
  name?: string | null | undefined
  size?: Numeric
  seconds?: Numeric
  about?: string
}

function content(kind: Kind, { text, name, size, seconds, about }: Parts = {}): Content {
  return {
    kind,
    text: clean(text ?? '', MAX_TEXT_CHARS) || null,
    name: clean(name ?? '', MAX_NAME_CHARS) || null,
    size_bytes: bounded(size, MAX_SIZE_BYTES),
    seconds: bounded(seconds, MAX_SECONDS),
    about: about ?? null,
  }
}

/** A positive whole number up to `most`, or null for whatever else a stranger says. */
function bounded(value: Numeric, most: number): number | null {
  const found = typeof value === 'object' && value !== null ? value.toNumber() : value
  return Number.isSafeInteger(found) && (found as number) > 0 && (found as number) <= most ? (found as number) : null
}

/** Baileys finds what is no message itself, and asks for it again; until then nothing came. */
function decode(plaintext: Uint8Array): proto.IMessage | undefined {
  try {
    return extractMessageContent(proto.Message.decode(unpadRandomMax16(plaintext)))
  } catch {
    return undefined
  }
}
