// What every page loads: htmx for partial updates. Islands are imported by the elements that need them.
import "htmx.org";
