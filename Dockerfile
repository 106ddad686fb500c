# Madang for production: `docker build -t madang .`
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev
# What is built here is not built again: `npm run init-admin` and its like work in the image, which has no compiler.
RUN npm pkg set scripts.build=true

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
# Nothing of the application is writable by whoever runs it, but for the folder of the SQLite file.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/views ./views
COPY --from=build /app/public ./public
COPY --from=build /app/docs ./docs
RUN install -d -o node -g node -m 700 data
USER node
VOLUME /app/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 8000}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would keep SIGTERM to itself.
CMD ["node", "dist/main.js"]
