// JavaScript's clients against the live server: order and values, as the server gives them without any client.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createCohere } from '@ai-sdk/cohere'
import { createTogetherAI } from '@ai-sdk/togetherai'
import { CohereRerank } from '@langchain/cohere'
import { Document } from '@langchain/core/documents'
import { rerank } from 'ai'
import { CohereClient, CohereClientV2 } from 'cohere-ai'
import { VoyageAIClient } from 'voyageai'

const server = process.env.RERANK_TEST_SERVER
const key = 'any-key'
const query = '退的钱多久能到账'
const documents = [
  '如需换货，请在订单详情页选择换货。',
  '退款审核通过后，款项将在1至3个工作日内原路退回您的支付账户。',
  '会员积分可在商城兑换礼品。',
  'Refunds arrive on the original payment method within three working days.',
]
const asked = await fetch(`${server}/rerank`, { method: 'POST', body: JSON.stringify({ query, documents }) })
const right = (await asked.json()).results.map((one) => [one.index, one.relevance_score])

function assertRight(found, expected = right) {
  assert.deepEqual(found.map(([index]) => index), expected.map(([index]) => index))
  found.forEach(([, score], at) => assert.ok(Math.abs(score - expected[at][1]) < 1e-6))
}

test('cohere-ai, version 2', async () => {
  const client = new CohereClientV2({ environment: server, token: key })
  const found = await client.rerank({ model: 'm', query, documents })
  assertRight(found.results.map((one) => [one.index, one.relevanceScore]))
})

test('cohere-ai, version 1', async () => {
  const client = new CohereClient({ environment: server, token: key })
  const found = await client.rerank({ model: 'm', query, documents, topN: 2, returnDocuments: true })
  assertRight(found.results.map((one) => [one.index, one.relevanceScore]), right.slice(0, 2))
  assert.equal(found.results[0].document.text, documents[right[0][0]])
})

test('@langchain/cohere', async () => {
  const client = new CohereClient({ environment: server, token: key })
  const compressor = new CohereRerank({ client, model: 'm', topN: documents.length })
  const given = documents.map((pageContent, at) => new Document({ pageContent, metadata: { at } }))
  const found = await compressor.compressDocuments(given, query)
  assertRight(found.map((one) => [one.metadata.at, one.metadata.relevanceScore]))
})

for (const [name, model] of [
  ['@ai-sdk/cohere', createCohere({ baseURL: `${server}/v2`, apiKey: key }).reranking('m')],
  ['@ai-sdk/togetherai', createTogetherAI({ baseURL: `${server}/v1`, apiKey: key }).reranking('m')],
]) {
  test(`Vercel AI SDK with ${name}`, async () => {
    const { ranking } = await rerank({ model, query, documents })
    assertRight(ranking.map((one) => [one.originalIndex, one.score]))
    const best = await rerank({ model, query, documents, topN: 2 })
    assertRight(best.ranking.map((one) => [one.originalIndex, one.score]), right.slice(0, 2))
    assert.equal(best.ranking[0].document, documents[right[0][0]])
  })
}

test('voyageai', async () => {
  const client = new VoyageAIClient({ environment: `${server}/v1`, apiKey: key })
  const found = await client.rerank({ model: 'm', query, documents })
  assertRight(found.data.map((one) => [one.index, one.relevanceScore]))
  assert.ok(found.usage.totalTokens > 0)
})
