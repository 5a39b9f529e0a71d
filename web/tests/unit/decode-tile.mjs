// Reads vector tiles as the map does: takes a JSON list of tiles in base64 from standard input, and writes for each what is in
// it, layers by name and features with id, type, properties and parts, or the words of the error. The tests of tiles/mvt
// compare it with other decoders.
import { readFileSync } from 'node:fs'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'

function layersOf(base64) {
  const layers = {}
  for (const [name, layer] of Object.entries(new VectorTile(new PbfReader(Buffer.from(base64, 'base64'))).layers)) {
    layers[name] = Array.from({ length: layer.length }, (_, i) => {
      const feature = layer.feature(i)
      const { id, type, properties } = feature
      return { id, type, properties, parts: feature.loadGeometry().map((part) => part.map(({ x, y }) => [x, y])) }
    })
  }
  return layers
}

const tiles = JSON.parse(readFileSync(0, 'utf8')).map((base64) => {
  try {
    return { layers: layersOf(base64) }
  } catch (error) {
    return { error: String(error) }
  }
})
process.stdout.write(JSON.stringify(tiles))
