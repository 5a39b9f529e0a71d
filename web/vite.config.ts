import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { leanReka } from './build/lean-reka.ts'
import { licences } from './build/licences.ts'
import { precompress } from './build/precompress.ts'
import { tibetanSwitchFont } from './build/tibetan-switch-font.ts'

const api = process.env.KORA_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } }), leanReka(), tibetanSwitchFont(), licences(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // MapLibre brings its worker as a module of its own; pre-bundling it for the dev server would lose it.
  optimizeDeps: { exclude: ['maplibre-gl'] },
  worker: { format: 'es' },
  build: {
    target: ['chrome87', 'safari15'],
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // The server finds the Tibetan font there, and names it in the style of the map.
        assetFileNames: ({ names }) => (names[0]?.endsWith('.woff2') ? 'fonts' : 'assets') + '/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/v1': api, '/tiles': api, '/styles': api, '/fonts': api } },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // One browser at a time: the machines that run this have two cores and draw the map in software.
          fileParallelism: false,
        },
      },
    ],
  },
})
