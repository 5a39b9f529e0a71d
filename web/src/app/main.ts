import '@/ui/base.css'
import { createApp } from 'vue'
import { chooseLanguage } from '@/i18n'
import { decode } from '@/url/codec'
import { shared } from '@/url/state'
import { address } from './address'
import App from './App.vue'
import { rememberedLanguage, showLanguage } from './language'

async function start(): Promise<void> {
  const asked = decode(shared, address.query).lang
  await showLanguage(asked || rememberedLanguage() || chooseLanguage(navigator.languages))
  createApp(App).mount('#app')
}

void start()
