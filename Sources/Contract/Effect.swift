/// What an operation does to the data: it only reads, or it also writes.
package enum Effect: Sendable { case reading, writing }
