import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { build } from '../vite-build.ts';

export default defineConfig({ plugins: [react()], build });
