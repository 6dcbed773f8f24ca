/** The secrets of an order to run a command: read from its body, and checked against its texts. */
import { DrydockError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { maskOf, reveal, type Sealed, type SecretPlace } from '../core/secrets.ts';
import type { Answer } from '../ports/commands.ts';
import { isObject, objects, text, textMap, whole, word } from './fields.ts';
import { refusal } from './turn.ts';

interface Order {
  argv: string[];
  answers: Answer[];
  secrets?: Sealed;
}

function sealedOf(body: JsonObject): Sealed {
  const given = body.secrets ?? null;
  if (given === null) return { places: [], values: {} };
  if (!isObject(given)) throw refusal('request.malformed', 'request exec: secrets is no object');
  const places = objects(given, 'places').map(
    (place): SecretPlace => ({
      in: word(place, 'in', ['argv', 'answers']),
      index: whole(place, 'index', 0),
      offset: whole(place, 'offset', 0),
      name: text(place, 'name'),
    }),
  );
  return { places, values: textMap(given, 'values') };
}

/** An answer that is said to be secret, with its value in clear: masked here like any other. */
function withAnswers(order: Order & { secrets: Sealed }): Order & { secrets: Sealed } {
  const { places, values } = order.secrets;
  const isPlaced = (index: number) =>
    places.some((at) => at.in === 'answers' && at.index === index);
  const bare = order.answers.flatMap(({ secret, reply }, index) =>
    secret && reply !== '' && !isPlaced(index)
      ? [{ index, reply, name: `answer ${index + 1}` }]
      : [],
  );
  return {
    argv: order.argv,
    answers: order.answers.map((answer, index) => {
      const own = bare.find((one) => one.index === index);
      return own ? { ...answer, reply: maskOf(own.name) } : answer;
    }),
    secrets: {
      places: [
        ...places,
        ...bare.map(({ index, name }) => ({ in: 'answers' as const, index, offset: 0, name })),
      ],
      values: { ...values, ...Object.fromEntries(bare.map(({ name, reply }) => [name, reply])) },
    },
  };
}

/** Masks in the texts, and the values apart from them; refused where they do not fit together. */
export function sealedOrder(body: JsonObject, argv: string[], answers: Answer[]): Order {
  const order = withAnswers({ argv, answers, secrets: sealedOf(body) });
  if (order.secrets.places.length === 0) return { argv, answers };
  try {
    reveal(order, order.secrets);
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    throw refusal('request.malformed', `request exec: ${error.message}`);
  }
  return order;
}
