import { registerDecorator } from 'class-validator';

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
