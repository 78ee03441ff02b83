import { defineConfig } from 'vitest/config'
export default defineConfig({ test: { include: ['test/next/**/*.test.ts','test/integration/reconciliation/*.test.ts'], globalSetup: ['test/support/server.ts'], pool: 'forks', maxWorkers: 2, testTimeout: 60000, hookTimeout: 60000 } })
