// What EmDia needs of Railway, as `railway config plan` and `railway config apply` read it. It takes
// the place of railway.json and railway.toml, which Railway stops reading on 2026-12-01.
// Secrets are set by hand and only kept here: see docs/deploy.md.

import { defineRailway, postgres, preserve, project, service } from 'railway/iac'

export default defineRailway(() => {
  const database = postgres('Postgres')
  const emdia = service('emdia', {
    build: { builder: 'DOCKERFILE', dockerfilePath: 'Dockerfile' },
    healthcheckPath: '/readyz',
    healthcheckTimeout: 120,
    replicas: 1,
    deploy: {
      // Every plan has this one; ALWAYS, where the plan has it, also brings back what gave up ten times.
      restartPolicyType: 'ON_FAILURE',
      restartPolicyMaxRetries: 10,
      // EmDia ends within 25 s of SIGTERM; Railway would kill it at once.
      drainingSeconds: 30,
    },
    env: {
      DATABASE_URL: database.env.DATABASE_URL,
      TELEGRAM_BOT_TOKEN: preserve(),
      ADMIN_CHAT_ID: preserve(),
      EMDIA_VAULT_KEYS: preserve(),
      MERCADO_PAGO_ACCESS_TOKEN: preserve(),
      MERCADO_PAGO_WEBHOOK_SECRET: preserve(),
    },
  })
  return project('emdia', { resources: [database, emdia] })
})
