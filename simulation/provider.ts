/** What the steps of orders have an effect on: a payment service, or a warehouse. */
export interface Provider {
  /** Once for each key, however often it is asked to; refused where the key was cancelled. */
  apply(effect: EffectName): void;
  /** Undoes the effect, if there is one, and lets none come later. */
  cancel(effect: EffectName): void;
  effects(): Effect[];
  forget(orderId: string): void;
}

export interface EffectName {
  /** The idempotency key, by which alone the provider knows it. */
  key: string;
  orderId: string;
  redrives: number;
  step: string;
}

export interface Effect extends EffectName {
  isDone: boolean;
  isCancelled: boolean;
}

export function makeProvider(): Provider {
  const effects = new Map<string, Effect>();

  function effectOf(name: EffectName): Effect {
    let effect = effects.get(name.key);
    if (!effect) effects.set(name.key, (effect = { ...name, isDone: false, isCancelled: false }));
    return effect;
  }

  return {
    apply(name) {
      const effect = effectOf(name);
      if (effect.isCancelled) throw new Error("the key was cancelled");
      effect.isDone = true;
    },
    cancel(name) {
      effectOf(name).isCancelled = true;
    },
    effects: () => [...effects.values()],
    forget(orderId) {
      for (const [key, effect] of effects) if (effect.orderId === orderId) effects.delete(key);
    },
  };
}
