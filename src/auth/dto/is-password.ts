import { registerDecorator } from 'class-validator';

/** What somebody typed as an existing password: no longer than one can be, so that nothing longer is ever hashed. */
export const TYPED_PASSWORD = /^[^]{1,256}$/u;

/** 8–256 characters with a letter and a digit, of any script. */
export function isPassword(value: unknown): boolean {
  // Measured in UTF-16 units first, so that nothing long is ever taken apart.
  if (typeof value !== 'string' || value.length > 512) {
    return false;
  }
  const length = Array.from(value).length;
  return length >= 8 && length <= 256 && /\p{L}/u.test(value) && /\p{N}/u.test(value);
}

/** A new password must be one by `isPassword`. */
export function IsPassword(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isPassword',
      target: target.constructor,
      propertyName: String(propertyName),
      options: { message: 'field.password' },
      validator: { validate: isPassword },
    });
  };
}
