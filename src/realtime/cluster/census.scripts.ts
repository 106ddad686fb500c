import { script } from '../bus/redis.link.js';

/** Nodes by the time until which they live. */
export const LIVE_NODES = 'nodes';
/** Rooms by the time until which somebody counts them. */
export const ACTIVE_ROOMS = 'rooms';

const NOW = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`;

/**
 * A node says that it lives. KEYS: nodes, rooms. ARGV: the node, for how many ms; 0: it leaves. Answers how many nodes
 * there are, and the ids of the rooms that somebody has open.
 */
export const ROLL_CALL = script(`
${NOW}
if ARGV[2] == '0' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local answer = redis.call('ZRANGE', KEYS[2], 0, 199)
table.insert(answer, 1, redis.call('ZCARD', KEYS[1]))
return answer
`);

/**
 * The people of a room are in a hash by id, with the number of nodes that have them, which each node keeps up with what
 * changes at it: a beat costs what has changed, and not what there is. All that the nodes have said must add up to its
 * total; when it does not, a node's set has run out of time, and the hash is made anew.
 */
const COUNT = `
local function come(base, node, ids, first, last)
  local new = 0
  for i = first, last do
    if redis.call('SADD', base .. ':' .. node, ids[i]) == 1 then
      redis.call('HINCRBY', base .. ':people', ids[i], 1)
      new = new + 1
    end
  end
  redis.call('INCRBY', base .. ':total', new)
end
local function go(base, node, ids, first, last)
  local gone = 0
  for i = first, last do
    if redis.call('SREM', base .. ':' .. node, ids[i]) == 1 then
      if redis.call('HINCRBY', base .. ':people', ids[i], -1) <= 0 then
        redis.call('HDEL', base .. ':people', ids[i])
      end
      gone = gone + 1
    end
  end
  redis.call('DECRBY', base .. ':total', gone)
end
local function forget(base, node)
  local ids = redis.call('SMEMBERS', base .. ':' .. node)
  go(base, node, ids, 1, #ids)
  redis.call('HDEL', base, node)
end
local function count(nodes, base, self)
  local guests, sockets, total, alive = 0, 0, 0, {}
  local said = redis.call('HGETALL', base)
  for i = 1, #said, 2 do
    local node = said[i]
    if not redis.call('ZSCORE', nodes, node) then
      forget(base, node)
    else
      if node ~= self then
        local g, s = string.match(said[i + 1], '(%d+) (%d+)')
        guests, sockets = guests + g, sockets + s
      end
      total = total + redis.call('SCARD', base .. ':' .. node)
      alive[#alive + 1] = base .. ':' .. node
    end
  end
  if total ~= tonumber(redis.call('GET', base .. ':total') or 0) then
    redis.call('DEL', base .. ':people')
    for _, set in ipairs(alive) do
      for _, id in ipairs(redis.call('SMEMBERS', set)) do redis.call('HINCRBY', base .. ':people', id, 1) end
    end
    redis.call('SET', base .. ':total', total)
  end
  local here = redis.call('SCARD', base .. ':' .. self)
  return { redis.call('HLEN', base .. ':people') - here, guests, sockets, here }
end
`;

/**
 * A node says who is in one of its rooms. KEYS: nodes, rooms, the room. ARGV: the node, its guests, its sockets, whether
 * this is all of it (1) or a difference (0), for how many ms it holds, the room's id, how many have come, who has come, who
 * has gone. Answers the people (not counting those at this node too), guests and sockets of the others, and how many
 * people this node is now taken to have.
 */
export const ROOM_CALL = script(`
${NOW}${COUNT}
local base, node = KEYS[3], ARGV[1]
if ARGV[4] == '1' then forget(base, node) end
local last = 7 + tonumber(ARGV[7])
come(base, node, ARGV, 8, last)
go(base, node, ARGV, last + 1, #ARGV)
redis.call('HSET', base, node, ARGV[2] .. ' ' .. ARGV[3])
local answer = count(KEYS[1], base, node)
for _, key in ipairs({ base, base .. ':' .. node, base .. ':people', base .. ':total' }) do
  redis.call('PEXPIRE', key, ARGV[5])
end
redis.call('ZADD', KEYS[2], now + ARGV[5] / 2, ARGV[6])
return answer
`);

/** Who is in a room that this node does not have open. KEYS: nodes, the room. */
export const LOOK = script(`
${COUNT}
return count(KEYS[1], KEYS[2], '')
`);

/** The ids of people that live nodes other than `self` have in a room. KEYS: nodes, the room. ARGV: the node, how many at most. */
export const NAMES = script(`
local sets = {}
for _, node in ipairs(redis.call('HKEYS', KEYS[2])) do
  if node ~= ARGV[1] and redis.call('ZSCORE', KEYS[1], node) then
    sets[#sets + 1] = KEYS[2] .. ':' .. node
  end
end
if #sets == 0 then return {} end
local answer = {}
for index, id in ipairs(redis.call('SUNION', unpack(sets))) do
  if index > tonumber(ARGV[2]) then break end
  answer[index] = id
end
return answer
`);

/**
 * A node says how many of something (a person's sockets) it has. KEYS: nodes, what. ARGV: the node, how many it would have
 * now, how many all nodes may have (0: no matter), whether it is only asked (1). Answers 1, or 0 when it may not.
 */
export const SEAT = script(`
local sum = tonumber(ARGV[2])
local said = redis.call('HGETALL', KEYS[2])
for i = 1, #said, 2 do
  if said[i] ~= ARGV[1] then
    if redis.call('ZSCORE', KEYS[1], said[i]) then
      sum = sum + said[i + 1]
    else
      redis.call('HDEL', KEYS[2], said[i])
    end
  end
end
local most = tonumber(ARGV[3])
if most > 0 and sum > most then return 0 end
if ARGV[4] == '1' then return 1 end
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], 86400000)
end
return 1
`);
