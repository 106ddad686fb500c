/** The system's message, and who the operator and the staff of this place want the AI to be. */
export function withPersonas(system: string, personas: readonly string[]): string {
  return personas.length === 0
    ? system
    : [system, 'Those who run this place say about who you are and how you speak:', ...personas].join('\n\n');
}
