// Reads a PMTiles archive with the reader that maps use (npm pmtiles), and prints what it found: the header, the metadata and
// the SHA-256 of every tile that is asked for on stdin as [[z, x, y], …], null where there is none. Go tests call it.
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { PMTiles } from 'pmtiles'

const path = process.argv[2]
const file = await open(path)
const archive = new PMTiles({
  getKey: () => path,
  async getBytes(offset, length) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset)
    return { data: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + bytesRead) }
  },
})
const tiles = []
for (const [z, x, y] of JSON.parse(await text(process.stdin))) {
  const tile = await archive.getZxy(z, x, y)
  tiles.push(tile ? createHash('sha256').update(new Uint8Array(tile.data)).digest('hex') : null)
}
console.log(JSON.stringify({ header: await archive.getHeader(), metadata: await archive.getMetadata(), tiles }))
await file.close()
